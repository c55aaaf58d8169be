"""The plan's measures and its decision, on evidence whose right answer is planted."""

import os

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.images.views import VIEWS
from core.metrics.statistics.clusters import patients_of
from core.metrics.thresholds import choose_thresholds
from core.studies.threshold_rules import CANDIDATES, PRESENT, Candidate, gather, read_evidence, write_evidence
from core.studies.threshold_rules.candidates import RULES, scaled, threshold
from core.studies.threshold_rules.decision import OURS, STEADY, _decided, _lacks, _ranked, _values
from core.studies.threshold_rules.elsewhere import left_out
from core.studies.threshold_rules.halves import Images, outcomes

N = 400


def made_images(n: int = N) -> Images:
    """Every image of a patient of its own; the first half of group 0, the rest of group 1."""
    ids = pd.Index([f"person{i}_virus_{i}.jpeg" for i in range(n)])
    groups = (np.arange(n) >= n // 2).astype(int)
    return Images(ids, patients_of(pd.Series(ids)), groups, np.where(groups == 1, 2.0, 0.5))


def made_evidence(images: Images, seed: int = 0, parts=("fold 0", "fold 1"), battery_shift: float = 0.0) -> pd.DataFrame:
    """Scores about 0.3 (NORMAL) and 0.7, the same under every view; those of the battery moved."""
    rng, tables = np.random.default_rng(seed), []
    y = np.arange(len(images.ids)) % 2
    p = np.clip(rng.normal(0.3 + 0.4 * y, 0.12), 0.001, 0.999)
    for number, part in enumerate(parts):
        mine = np.arange(len(y)) // 2 % len(parts) == number
        split = "val" if part.startswith("fold") else "test"
        plain = pd.DataFrame(
            {"sample_id": images.ids[mine], "y_true": y[mine], "p": p[mine], "part": part, "split": split, "variant": "none"}
        )
        altered = plain.assign(variant="blur", p=np.clip(plain["p"] + battery_shift, 0, 1))
        tables += [plain.assign(view=view) for view in VIEWS] + [altered.assign(view=view) for view in ("whole", "mirror")]
    return pd.concat(tables, ignore_index=True).assign(system="made")


def test_every_rule_with_every_view_is_a_candidate_once():
    assert len(set(CANDIDATES)) == len(CANDIDATES) == 4 * (len(RULES) - 1) + 2
    assert PRESENT in CANDIDATES and Candidate("battery", "ten_crops") not in CANDIDATES


def test_rules_choose_as_the_product_does():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 300)
    p = np.clip(rng.normal(0.3 + 0.4 * y, 0.15), 0, 1)
    known, cells = choose_thresholds(y, p), y.copy()
    assert threshold("half", y, p, cells) == 0.5
    for rule, name in (("youden", "youden"), ("battery", "youden"), ("sensitivity_95", "sensitivity_95"), ("oof_95_t", "sensitivity_95")):
        assert threshold(rule, y, p, cells) == pytest.approx(known[name])
    assert (p[y == 1] >= threshold("oof_975", y, p, cells)).mean() >= 0.975


def test_youden_over_groups_lets_a_rare_group_count():
    """Worked by hand: a cut at 0.5 loses the ten normals of the rare group, one at 0.65 loses 14 of 90 cases of the other."""
    y, number = np.tile([0, 1], 100), np.repeat(np.arange(100), 2)
    rare = number >= 90
    p = np.where(rare, np.where(y, 0.9, 0.6), np.where(y, np.where(number < 14, 0.5, 0.7), 0.2))
    assert threshold("youden", y, p, None) < 0.5, "1 + 90/100 is more than 86/100 + 1"
    assert threshold("oof_youden", y, p, 2 * rare + y) == pytest.approx(0.65), "each group alike, 1 + 1/2 is less than (76/90 + 1)/2 + 1"


def test_a_temperature_brings_log_odds_to_the_scale_of_the_labels():
    rng = np.random.default_rng(2)
    y = rng.integers(0, 2, 4000)
    honest = 1 / (1 + np.exp(-(2 * y - 1 + rng.normal(size=4000)) * 2))
    sure = 1 / (1 + np.exp(-3 * np.log(honest / (1 - honest))))
    assert scaled(y, sure, np.ones(4000, bool)) == pytest.approx(scaled(y, honest, np.ones(4000, bool)), abs=1e-3)


@pytest.mark.long
def test_hits_are_the_share_of_right_calls_of_the_other_half():
    images = made_images()
    y, found = outcomes(made_evidence(images), images, n_halvings=30)
    half = found[Candidate("half", "whole")]
    p = made_evidence(images).query("view == 'whole' and variant == 'none'").set_index("sample_id")["p"].reindex(images.ids).to_numpy()
    assert y.tolist() == (np.arange(N) % 2).tolist()
    assert half.hits.tolist() == ((p >= 0.5) == y).tolist(), "0.5 calls each image alike in every half"
    assert half.hits.mean() == found[Candidate("half", "ten_crops")].hits.mean()
    youden = found[Candidate("youden", "whole")]
    assert 0.85 < youden.hits.mean() < half.hits.mean() + 0.02
    assert 0 < half.steadiness < youden.steadiness, "the images that are called differ, and a threshold that is chosen wanders besides"


def test_measures_are_those_of_the_plan():
    """Worked by hand: hits of 1 but in the normals of group 1, of which each counts four times in the test mix."""
    images = made_images()
    y = np.arange(N) % 2
    hits = np.where((images.groups == 1) & (y == 0), 0.25, 1.0)
    (m,), (w,), (s,) = _values(np.ones((1, N)), hits, y, [], images)
    assert m == pytest.approx((1 + (1 * 0.5 + 0.25 * 2) / 2.5) / 2)
    assert w == 0.25 and np.isnan(s)


def test_what_was_left_out_is_called_by_the_threshold_of_its_own_training():
    images = made_images()
    table = made_evidence(images, parts=("series=IM",))
    own = made_evidence(images, parts=("series=IM",), seed=3, battery_shift=0.1).assign(split="val")
    (one,) = left_out(pd.concat([table[table["variant"] == "none"], own]), images)
    plain = own.query("view == 'whole' and variant == 'none'")
    cut = choose_thresholds(plain["y_true"].to_numpy(), plain["p"].to_numpy())["youden"]
    p = table.query("view == 'whole' and variant == 'none'")["p"].to_numpy()
    assert one.right[Candidate("youden", "whole")].tolist() == ((p >= cut) == one.y).tolist()
    assert one.right[PRESENT].mean() != one.right[Candidate("youden", "whole")].mean()


def ranked(u: dict[Candidate, float], d: dict[Candidate, float], spread: float = 0.0) -> pd.DataFrame:
    rows = [{"rule": c.rule, "view": c.view, "M": 0, "W": 0, "S": 0, "D": d.get(c, 0.05), "U": u.get(c, 0.5)} for c in CANDIDATES]
    table = pd.DataFrame(rows)
    noise = np.random.default_rng(0).normal(0, spread, (len(CANDIDATES), 1000))
    return _ranked(table, table["U"].to_numpy()[:, np.newaxis] + noise)


def test_the_present_rule_stays_where_none_is_better_beyond_chance():
    close = ranked({PRESENT: 0.89, Candidate("oof_95", "centre"): 0.9}, {}, spread=0.02)
    assert _decided(close, "")[0] == PRESENT


def test_the_present_rule_goes_where_one_as_good_is_much_steadier_or_one_is_better():
    better, steady = Candidate("oof_95", "centre"), Candidate("sensitivity_95", "whole")
    assert _decided(ranked({PRESENT: 0.8, better: 0.9}, {}), "")[0] == better
    three = ranked({PRESENT: 0.9, better: 0.9, steady: 0.9}, {PRESENT: 0.05, better: 0.02, steady: 0.02 * STEADY}, spread=0.01)
    assert _decided(three, "")[0] == steady, "one look suffices where two are as good and as steady"


def test_without_the_evidence_that_the_plan_wants_nothing_moves():
    images = made_images()
    table = made_evidence(images)
    assert "no system" in _lacks(table)
    five = made_evidence(images, parts=[f"fold {n}" for n in range(5)])
    folds = pd.concat([five.assign(system=system) for system in (*OURS, "cnn1")])
    assert "no series was left out for lens_mobilenet" in _lacks(folds)
    one = made_evidence(images, parts=("series=IM",))
    series = pd.concat([one.assign(system=system) for system in OURS])
    assert _lacks(pd.concat([folds, series])) == ""
    decided, why = _decided(ranked({Candidate("half", "whole"): 0.99}, {}), "x")
    assert decided == PRESENT and "Nothing moves" in why


def test_evidence_survives_its_file(tmp_path):
    table = made_evidence(made_images()).astype({"p": np.float32})
    write_evidence(table, tmp_path / "evidence.parquet")
    again = read_evidence(tmp_path / "evidence.parquet")
    assert again[["sample_id", "part", "view"]].equals(table[["sample_id", "part", "view"]].astype("str"))
    assert np.array_equal(again["p"], table["p"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.iloc[:0], "lacks a view"),
        (lambda table: table[table["view"] != "whole"], "lacks a view"),
        (lambda table: table[table["variant"] == "none"], "lacks a view"),
        (lambda table: table.drop(index=table.index[table["variant"] == "none"][0]), "lacks a view"),
        (lambda table: pd.concat([table, table]), "one twice"),
        (lambda table: table[table["y_true"] == 1], "one class alone"),
        (lambda table: table.assign(p=np.nan), "a probability that is none"),
        (lambda table: table.assign(y_true=9), "a class other than 0 and 1"),
        (lambda table: table.assign(part="series=IM"), "lacks the folds"),
    ],
)
def test_evidence_that_no_rule_can_be_weighed_by_is_refused(tmp_path, change, said):
    write_evidence(change(made_evidence(made_images(40))), tmp_path / "evidence.parquet")
    with pytest.raises(InputError, match=said):
        read_evidence(tmp_path / "evidence.parquet")


def test_scores_of_several_files_count_together_and_none_twice(tmp_path):
    table = made_evidence(made_images(40))
    first = table["part"] == "fold 0"
    files = [tmp_path / "evidence.parquet", tmp_path / "later.parquet"]
    for file, part in zip(files, (table[first], table[~first]), strict=True):
        write_evidence(part, file)
    together = read_evidence(*files)
    assert len(together) == len(table) and set(together["part"]) == set(table["part"])
    with pytest.raises(InputError, match="one twice"):
        read_evidence(files[0], *files)


@pytest.mark.parametrize("where", ["none.parquet", "text.parquet", "pipe.parquet"])
def test_what_is_no_evidence_is_said(tmp_path, where):
    (tmp_path / "text.parquet").write_text("no table")
    os.mkfifo(tmp_path / "pipe.parquet")
    with pytest.raises(InputError, match="neither a folder of runs nor a file"):
        read_evidence(tmp_path / where)


def test_a_folder_without_such_runs_says_how_to_make_some(tmp_path):
    with pytest.raises(InputError, match="crossfit"):
        gather(tmp_path)
