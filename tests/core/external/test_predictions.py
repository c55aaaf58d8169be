"""Tables of predictions from elsewhere: every way to name and write them that is taken, and every fault that is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.datasets import open_dataset
from core.datasets.sources.shipped import open_shipped
from core.datasets.tables.columns import Naming
from core.errors import InputError
from core.external import Reference, import_predictions
from core.external.table import check_table
from core.metrics.alignment import line_up
from core.metrics.evaluation import evaluate_run
from core.reporting.leaderboard import board_row
from core.runs.identity import own_name
from core.runs.store import list_runs


@pytest.fixture
def run(scored_run):
    return scored_run(n=30)


@pytest.fixture
def table(run):
    """The run's own test predictions, as somebody else would write them."""
    return run.predictions.query("split == 'test'")[["sample_id", "p_NORMAL", "p_PNEUMONIA"]].reset_index(drop=True)


@pytest.fixture
def bring(run, tmp_path):
    """Import a table as CSV, held against the run."""

    def bring(table, name="mine.csv", **options):
        content = table.to_csv(index=False).encode() if isinstance(table, pd.DataFrame) else table
        return import_predictions(content, name, Reference.of_run(run), models=tmp_path / "brought", **options)

    return bring


def test_what_was_written_comes_back_beside_the_run_it_came_from(run, table, bring):
    brought = bring(table, title="Theirs")
    lineup = line_up([run, brought])
    assert not lineup.refused and not lineup.notes and lineup.panel.scores[1] == pytest.approx(lineup.panel.scores[0], abs=1e-6)
    assert board_row(brought, "half")["roc_auc"] == board_row(run, "half")["roc_auc"]
    assert (brought.state, brought.config.system, own_name(brought)) == ("finished", "imported", "Theirs")
    assert brought.card.recommended.value == 0.5 and brought.card.came_from == "mine.csv" and brought.history.empty
    assert "medical device" in brought.card.intended_use


def parquet(table, tmp_path):
    table.to_parquet(tmp_path / "x.parquet")
    return (tmp_path / "x.parquet").read_bytes()


def windows(sample_id):
    return "D:\\x\\" + sample_id.replace("/", "\\")


@pytest.mark.parametrize(
    "write",
    [
        lambda table, tmp: (table.to_csv(index=False, sep=";").encode(), "a.csv"),
        lambda table, tmp: ("\ufeff" + table.to_csv(index=False), "bom.csv"),
        lambda table, tmp: (parquet(table, tmp), "a.parquet"),
        lambda table, tmp: (table.drop(columns="p_NORMAL").to_csv(index=False), "one column.csv"),
        lambda table, tmp: (table.sample(frac=1, random_state=0).round(3).to_csv(index=False), "rounded.csv"),
        lambda table, tmp: (table.rename(columns={"p_NORMAL": "p_normal", "p_PNEUMONIA": "p_Pneumonia"}).to_csv(index=False), "case.csv"),
        lambda table, tmp: (
            table.assign(sample_id="D:\\x\\" + table["sample_id"].str.replace("/", "\\")).to_csv(index=False),
            "windows.csv",
        ),
        lambda table, tmp: (table.assign(sample_id=table["sample_id"].str.split("/").str[-1]).to_csv(index=False), "names alone.csv"),
        lambda table, tmp: (table.assign(extra=1, split="TEST").to_csv(index=False), "more columns.csv"),
    ],
    ids=["semicolons", "byte order mark", "parquet", "one column", "rounded", "case", "windows paths", "names alone", "more columns"],
)
def test_ways_to_write_a_table(run, table, bring, tmp_path, write):
    content, name = write(table, tmp_path)
    brought = bring(content.encode() if isinstance(content, str) else content, name)
    panel = line_up([run, brought]).panel
    assert panel.scores[1] == pytest.approx(panel.scores[0], abs=1e-3)


@pytest.mark.parametrize("as_names", [False, True])
def test_labels_may_come_along_if_they_agree(run, table, bring, as_names):
    y_true = run.predictions.query("split == 'test'")["y_true"].to_numpy()
    labels = np.take(run.config.class_names, y_true) if as_names else y_true
    assert bring(table.assign(y_true=labels)).predictions["y_true"].tolist() == y_true.tolist()
    with pytest.raises(InputError, match=r"other labels than the data set in 1 row, first .* in row 3; labels are 0"):
        bring(table.assign(y_true=[*labels[:2], labels[0] if labels[2] != labels[0] else labels[1], *labels[3:]]))


def test_validation_scores_give_thresholds(run, bring):
    everything = run.predictions.drop(columns="y_true")
    brought = bring(everything)
    assert brought.card.thresholds == pytest.approx(run.card.thresholds) and brought.card.recommended.rule == "half"
    assert brought.predictions["split"].value_counts().to_dict() == {"val": 30, "test": 30}


def test_three_classes(scored_run, tmp_path):
    three = scored_run(n=30, n_classes=3)
    table = three.predictions.query("split == 'test'").drop(columns=["y_true", "split"])
    for reference in (Reference.of_run(three), Reference.of_run(scored_run(n=30))):
        brought = import_predictions(table, "x.csv", reference, models=tmp_path / "brought")
        assert brought.config.class_names == ("NORMAL", "BACTERIAL", "VIRAL") and not brought.card.says("thresholds")
        assert line_up([three, brought]).panel.scores[1] == pytest.approx(three_scores(three), abs=1e-6)


def three_scores(run):
    return line_up([run]).panel.scores[0]


def edit(column, row, value):
    def change(table):
        table = table.astype({column: object})
        table.loc[row, column] = value
        return table

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop(columns="sample_id"), ["no column sample_id", "test/"]),
        (
            lambda t: t.drop(columns=["p_NORMAL", "p_PNEUMONIA"]),
            ["needs the columns", "p_NORMAL, p_PNEUMONIA or p_NORMAL, p_BACTERIAL, p_VIRAL"],
        ),
        (lambda t: t.rename(columns={"p_PNEUMONIA": "p_COVID"}), ["received p_NORMAL, p_COVID"]),
        (edit("p_NORMAL", 4, float("nan")), ["not a number", "in 1 row,", "row 5", "p_NORMAL"]),
        (edit("p_PNEUMONIA", 2, "high"), ["not a number", "'high'", "row 3"]),
        (edit("p_PNEUMONIA", 1, 87.5), ["outside 0 to 1", "row 2", "not logits or per cent"]),
        (edit("p_PNEUMONIA", 0, -0.2), ["outside 0 to 1", "row 1"]),
        (lambda t: t.assign(p_NORMAL=0.5, p_PNEUMONIA=0.9), ["30 rows do not sum to 1", "1.4"]),
        (edit("sample_id", 0, "test/NORMAL/nobody.jpeg"), ["names 1 image that", "does not have", "nobody.jpeg"]),
        (edit("sample_id", 0, None), ["names 1 image that", "does not have"]),
        (lambda t: pd.concat([t, t.head(2)]), ["names 2 images twice"]),
        (lambda t: t.head(28), ["lacks 2 of the 30 test images"]),
        (lambda t: t.assign(split="train"), ["split 'train'", "leave out training images"]),
        (lambda t: t.assign(split="val"), ["in the split 'val', where it does not belong"]),
        (lambda t: t.head(0), ["holds no row"]),
    ],
)
def test_every_fault_is_named_and_makes_no_run(table, bring, tmp_path, change, words):
    with pytest.raises(InputError) as error:
        bring(change(table))
    for word in words:
        assert word in str(error.value)
    assert list_runs(tmp_path / "brought") == ([], {})


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff", b"PAR1 half a file"])
@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_files_that_are_no_tables(bring, content, name):
    with pytest.raises(InputError, match="x\\."):
        bring(content, name)


def test_a_file_that_is_not_there(run, tmp_path):
    with pytest.raises(InputError, match="There is no file"):
        import_predictions(tmp_path / "gone.csv", "gone.csv", Reference.of_run(run))


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_thresholds_out_of_range(table, bring, threshold):
    with pytest.raises(InputError, match="threshold is a number from 0 to 1"):
        bring(table, threshold=threshold)


def test_the_shipped_index_knows_the_624_test_images_by_name(tmp_path):
    dataset = open_shipped()
    reference = Reference.of_dataset(dataset)
    ids = reference.test_ids()
    brought = import_predictions(pd.DataFrame({"sample_id": ids, "p_PNEUMONIA": 0.7}), "all.csv", reference, models=tmp_path)
    assert len(ids) == 624 and np.bincount(brought.predictions["y_true"]).tolist() == [234, 390]
    assert brought.config.fingerprint == dataset.fingerprint and reference.schemes[1] == ("NORMAL", "BACTERIAL", "VIRAL")


@pytest.mark.long
def test_nothing_of_it_loads_keras():
    import subprocess
    import sys

    code = "import sys, core.external; print({'keras', 'tensorflow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"


def test_images_whose_names_tell_nothing_are_known_by_the_run(scored_run, tmp_path):
    run = scored_run(n=30)
    plain = run.predictions.assign(sample_id=[f"{split}/{i}" for i, split in enumerate(run.predictions["split"])])
    run.write_predictions(plain)
    run.write_split(pd.Series([*plain["sample_id"], "train/7"]), pd.Series([*plain["split"], "train"]))
    reference = Reference.of_run(run)
    assert reference.schemes == (("NORMAL", "PNEUMONIA"),) and len(reference.samples) == 61
    brought = import_predictions(plain.query("split == 'test'").drop(columns="y_true"), "x.csv", reference, models=tmp_path / "brought")
    assert brought.predictions["y_true"].tolist() == plain.query("split == 'test'")["y_true"].tolist()


def test_constant_scores_are_taken_and_said(table, bring):
    brought = bring(table.assign(p_NORMAL=0.4, p_PNEUMONIA=0.6))
    assert len(brought.card.warnings) == 1 and "All 30 test images have the same scores" in brought.card.warnings[0]
    assert not bring(table).card.says("warnings")


def test_a_column_like_a_label_may_be_what_a_model_called(run, table, bring):
    y_true = run.predictions.query("split == 'test'")["y_true"].to_numpy()
    assert "warnings" not in bring(table.assign(label=y_true)).card
    assert "warnings" not in bring(table.assign(label="COVID")).card
    brought = bring(table.assign(label=np.where(np.arange(30) < 4, 1 - y_true, y_true)))
    assert "The column label differs from the labels of made up in 4 of 30 rows" in brought.card.warnings[0]
    with pytest.raises(InputError, match="other labels than the data set in 30 rows"):
        bring(table.assign(dx=1 - y_true), naming=Naming({"y_true": "dx"}))


def test_labels_may_have_gaps_and_other_names(run, table, bring):
    y_true = run.predictions.query("split == 'test'")["y_true"].to_numpy()
    labels = pd.Series(np.where(y_true == 1, "pneu", "normal")).mask(pd.Series(y_true).index == 3)
    naming = Naming({}, {"Pneu": "PNEUMONIA"})
    assert bring(table.assign(y_true=labels), naming=naming).predictions["y_true"].tolist() == y_true.tolist()
    with pytest.raises(InputError, match="no class 'covid' to rename"):
        bring(table, naming=Naming({}, {"covid": "PNEUMONIA"}))


def test_other_names_of_columns_are_said_by_a_person(table, bring):
    theirs = pd.DataFrame({"filename": table["sample_id"], "label": "?", "prob": table["p_PNEUMONIA"]})
    with pytest.raises(InputError, match=r"say which is which with --column p_PNEUMONIA=prob\."):
        bring(theirs)
    brought = bring(theirs, naming=Naming({"p_PNEUMONIA": "prob"}))
    assert brought.predictions["p_PNEUMONIA"].to_numpy() == pytest.approx(table["p_PNEUMONIA"].to_numpy(), abs=1e-6)


def test_advice_names_no_wrong_class(table, bring):
    with pytest.raises(InputError, match=r"has no class 'pneu'; if that is another name for one, say so with --class-name pneu=…"):
        bring(table.rename(columns={"p_PNEUMONIA": "p_pneu"}))


@pytest.mark.parametrize(
    ("split", "class_name", "words"),
    [("train", ["NORMAL", "PNEUMONIA"], r"no test images .* a folder test/"), ("test", ["NORMAL", "NORMAL"], "one class alone .NORMAL.")],
)
def test_a_reference_that_cannot_judge(tmp_path, split, class_name, words):
    samples = pd.DataFrame({"sample_id": ["a", "b"], "split": split, "class_name": class_name, "subtype": pd.NA})
    with pytest.raises(InputError, match=words):
        import_predictions(
            pd.DataFrame({"sample_id": ["a", "b"], "p_PNEUMONIA": 0.5}), "x.csv", Reference("set", "0" * 16, samples), models=tmp_path
        )


def test_a_threshold_may_miss_one_by_rounding(table, bring):
    assert bring(table, threshold=1.0000001).card.recommended.value == 1


def test_patients_that_the_table_states_reach_the_intervals(scored_run, tmp_path):
    """Ten films of each patient know as much as one; where the cell is empty, the names of the images tell as before."""
    test = scored_run(n=60).predictions.query("split == 'test'").drop(columns="y_true")
    reference = Reference.of_run(scored_run(n=60))
    alone = import_predictions(test, "a.csv", reference, models=tmp_path / "a")
    stated = import_predictions(test.assign(patient_id=[f"p{i // 10}" for i in range(60)]), "b.csv", reference, models=tmp_path / "b")
    gaps = import_predictions(test.assign(patient_id=[None] * 60), "c.csv", reference, models=tmp_path / "c")
    width = {run.config.title: evaluate_run(run).metrics["roc_auc"] for run in (alone, stated, gaps)}
    assert stated.facts.set_index("sample_id").loc[test["sample_id"].iloc[0], "patient_id"] == "p0"
    assert width["a"].value == width["b"].value and (width["b"].low, width["b"].high) != (width["a"].low, width["a"].high)
    assert width["c"] == width["a"]


def test_kinds_of_pneumonia_that_the_images_do_not_tell_are_to_be_added_up(lay, tmp_path):
    reference = Reference.of_dataset(open_dataset(lay("test/NORMAL/a.jpeg", "test/PNEUMONIA/b.jpeg")))
    table = pd.DataFrame({"sample_id": ["NORMAL/a.jpeg", "PNEUMONIA/b.jpeg"], "p_NORMAL": 0.4, "p_BACTERIAL": 0.3, "p_VIRAL": 0.3})
    with pytest.raises(InputError, match="add the two scores up to one column p_PNEUMONIA"):
        import_predictions(table, "x.csv", reference, models=tmp_path)


def test_the_healthy_class_alone_tells_the_ill_one_and_is_never_offered_for_it(scored_run, tmp_path):
    test = scored_run(n=30).predictions.query("split == 'test'")
    reference = Reference.of_run(scored_run(n=30))
    brought = import_predictions(test[["sample_id", "p_NORMAL"]], "x.csv", reference, models=tmp_path)
    assert brought.predictions["p_PNEUMONIA"].to_numpy() == pytest.approx(test["p_PNEUMONIA"].to_numpy(), abs=1e-6)
    unclear = test[["sample_id"]].assign(confidence=test["p_NORMAL"])
    with pytest.raises(InputError) as refusal:
        import_predictions(unclear, "y.csv", reference, models=tmp_path)
    assert "=confidence" not in str(refusal.value)


@pytest.mark.parametrize("column", ["p_NORMAL", "p_PNEUMONIA"])
def test_scores_that_differ_beyond_single_precision_keep_their_order(table, bring, column):
    tiny = np.arange(1, len(table) + 1) * 1e-10
    brought = bring(table[["sample_id"]].assign(**{column: tiny if column == "p_NORMAL" else 1 - tiny}))
    assert brought.predictions["p_PNEUMONIA"].nunique() == len(table)


@pytest.mark.parametrize("true", [True, "TRUE", "true"])
def test_a_truth_of_true_and_false_is_whether_it_is_the_positive_class(run, table, bring, true):
    y_true = run.predictions.query("split == 'test'")["y_true"].to_numpy()
    said = np.where(y_true == 1, str(true), str(true).lower().replace("true", "false"))
    assert len(bring(table.assign(y_true=said)).predictions) == len(table)
    with pytest.raises(InputError, match="other labels than the data set in 1 row,"):
        bring(table.assign(y_true=np.where(np.arange(len(said)) == 0, np.where(y_true == 1, "False", "True"), said)))


@pytest.mark.parametrize(
    "names", [("p_BACTERIA", "p_VIRUS"), ("prob_bacterial", "prob_viral"), ("p_Bacterial Pneumonia", "p_viral_pneumonia")]
)
def test_columns_called_after_infections_are_known(phantoms, tmp_path, names):
    dataset = open_dataset(phantoms)
    test = dataset.samples[dataset.samples["split"] == "test"]["sample_id"]
    prefix = names[0].split("_")[0]
    table = pd.DataFrame({"sample_id": test, f"{prefix}_NORMAL": 0.5, names[0]: 0.3, names[1]: 0.2})
    brought = import_predictions(table, "t.csv", Reference.of_dataset(dataset), models=tmp_path)
    assert brought.config.class_names == ("NORMAL", "BACTERIAL", "VIRAL")
    assert brought.predictions[["p_BACTERIAL", "p_VIRAL"]].iloc[0].tolist() == pytest.approx([0.3, 0.2])


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_order_of_rows_and_columns_and_the_spelling_of_names_change_nothing(run, table, data):
    rows, columns = data.draw(st.permutations(range(len(table)))), data.draw(st.permutations(list(table.columns)))
    spelled = data.draw(st.sampled_from([str, str.upper, lambda name: name.replace("_", " ")]))
    reference = Reference.of_run(run)
    shuffled = table.iloc[rows].reset_index(drop=True)[columns].rename(columns=spelled)
    found, expected = (
        check_table(one, "mine.csv", reference).table.sort_values("sample_id", ignore_index=True) for one in (shuffled, table)
    )
    pd.testing.assert_frame_equal(found, expected)
