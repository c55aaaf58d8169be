import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.architectures import get_system
from core.metrics.evaluation import evaluate_run
from core.runs.identity import read_about, write_about
from core.runs.store import list_runs
from core.training.plan import plan
from dashboard.components.overview.ticks import chosen_after, in_turn

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def text(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.warning, *app.caption])


def board(app):
    return app.dataframe[0].value


def test_one_line_a_recipe_with_mean_spread_and_interval(models_dir, open_page):
    app = open_page("overview")
    assert not app.exception
    (row,) = board(app).to_dict("records")
    assert row["Recipe"] == "CNN_1, 3 epochs" and row["Seeds"] == 2 and row["Test films"] == 90
    assert re.fullmatch(r"\d\.\d{3} ± \d\.\d{3} \(\d\.\d{3}–\d\.\d{3}\)", row["AUC"])
    assert row["Before test on"] == "plain validation images"


def test_a_group_opens_to_its_seeds_ordered_by_what_was_known_before_test(models_dir, open_page):
    table = board(open_page("overview", overview_seeds="true"))
    assert list(table["Run"]) == ["CNN_1, 3 epochs · seed 1", "CNN_1, 3 epochs · seed 2"]
    assert table["AUC before test"].is_monotonic_decreasing and "Seeds" not in table


def test_the_verdict_says_what_is_found_and_missed(models_dir, open_page):
    app = open_page("overview")
    evaluations = [evaluate_run(run) for run in list_runs(models_dir)[0]]
    found = round(100 * np.mean([one.metrics["sensitivity"].value for one in evaluations]))
    shown = text(app)
    assert f"finds **{found} of 100** films with PNEUMONIA" in shown and f"misses {100 - found};" in shown
    assert "On the 90 test films" in shown and "mean of 2 seeds" in shown


def test_whether_settings_matter_more_than_seeds(models_dir, make_run, open_page):
    make_run(models_dir, seed=3, skill=1.5, recipe=plan("cnn1", 2, {"cutmix": "0.5"}).recipe)
    shown = text(open_page("overview"))
    assert re.search(
        r"CNN\\_1: its 2 sets of settings differ by up to 0\.\d{3} in AUC on test, 2 seeds of the same settings by up to 0\.\d{3}", shown
    )


def test_ticks_are_of_runs_whatever_lines_are_shown():
    assert chosen_after([], [("a", "b"), ("c",)], [1, 0]) == ["a", "b", "c"]
    assert chosen_after(["a", "b", "c"], [("a",), ("d",)], [1]) == ["b", "c", "d"]
    assert chosen_after(["a"], [("a",)], []) == [] and chosen_after(["a"], [("b",)], [3]) == ["a"]


def test_of_many_ticked_runs_one_of_each_recipe_comes_first():
    assert in_turn(["a", "b", "c", "d"], [("a", "b"), ("c",), ("e",)]) == ["d", "a", "c", "b"]
    assert in_turn([], [("a",)]) == []


def test_words_filter_in_any_order(models_dir, make_run, open_page):
    make_run(models_dir, seed=3, recipe=plan("cnn1", 2, {"cutmix": "0.5"}).recipe)
    assert list(board(open_page("overview", overview_filter="cutmix cnn"))["Recipe"]) == ["CNN_1, CutMix 0.5"]
    assert "No run matches" in text(open_page("overview", overview_filter="vgg"))


def test_a_name_of_ones_own_is_seen_on_every_page(models_dir, open_page, page_text):
    run = list_runs(models_dir)[0][0]
    write_about(run, name="The *one* to beat")
    assert "The *one* to beat" in list(board(open_page("overview", overview_seeds="true"))["Run"])
    compare = open_page("compare")
    assert "The *one* to beat" in compare.multiselect(key="compare_runs").options


def test_a_recipe_of_one_run_goes_by_its_name_and_the_filter_looks_into_recipes(models_dir, make_run, open_page):
    alone = make_run(models_dir, seed=9, recipe=plan("cnn1", 2, {"cutmix": "0.5"}).recipe)
    write_about(alone, name="Zebra", note="for the poster", baseline=True)
    assert "Zebra (baseline)" in set(board(open_page("overview"))["Recipe"])
    for words in ("zebra", "poster", "cutmix seed 9"):
        assert list(board(open_page("overview", overview_filter=words))["Recipe"]) == ["Zebra (baseline)"]
    assert list(board(open_page("overview", overview_filter="seed 1"))["Seeds"]) == [2], "a recipe of which a seed is meant"


def test_an_archived_run_is_left_out_and_comes_back(models_dir, open_page):
    run = list_runs(models_dir)[0][0]
    write_about(run, archived=True)
    app = open_page("overview")
    assert board(app)["Seeds"].tolist() == [1]
    app.button(key=f"bring_back_{run.name}").click().run()
    assert board(app)["Seeds"].tolist() == [2] and not read_about(run).archived


def test_a_model_without_its_weights_says_so(models_dir, make_run, open_page):
    recipe = get_system("vgg16_flat").variant().recipe
    make_run(models_dir, system="vgg16_flat", seed=6, recipe=recipe.model_copy(update={"weights": "none"}))
    assert "VGG16, flat head, no ImageNet weights" in set(board(open_page("overview"))["Recipe"])


def test_three_class_runs_stand_apart(models_dir, make_run, open_page):
    make_run(models_dir, n_classes=3, seed=3)
    assert len(board(open_page("overview"))) == 1
    three = board(open_page("overview", overview_classes="Three classes (1)"))
    assert list(three["Recipe"]) == ["CNN_1, 3 classes, 3 epochs"]
    assert "Sensitivity" not in three and "Macro F1" in three


def test_without_runs_or_images_it_says_how_to_get_them(empty_models, open_page):
    app = open_page("overview")
    assert not app.exception
    assert "No run has finished yet" in text(app)
    assert app.button(key="get_phantoms").label == "Draw phantoms"


def test_with_images_but_no_run_it_points_to_train(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("overview", overview_data="true")
    assert not app.code
    assert "12 images" in text(app)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("predictions.parquet", b"cut", "broken predictions.parquet"),
        ("config.json", b"{", "not valid"),
    ],
)
def test_a_broken_run_is_named_with_its_reason_and_the_other_stays(models_dir, open_page, name, content, reason):
    folder = sorted(models_dir.iterdir())[0]
    (folder / name).write_bytes(content)
    app = open_page("overview")
    assert not app.exception
    assert len(app.dataframe[0].value) == 1
    assert folder.name in text(app)
    assert reason in text(app).replace("\\", "")


def test_a_run_of_which_only_the_status_is_broken_still_counts(models_dir, open_page):
    (sorted(models_dir.iterdir())[0] / "status.json").write_bytes(b"")
    assert board(open_page("overview"))["Seeds"].tolist() == [2]


def test_stopped_and_failed_runs_are_listed_with_their_reasons(models_dir, make_run, open_page):
    make_run(models_dir).write_status("failed", reason="no weights *here*")
    make_run(models_dir).write_status("stopped", reason="asked to stop")
    shown = text(open_page("overview"))
    assert r"no weights \*here\*" in shown
    assert "asked to stop" in shown


def test_the_shipped_index_is_credited_and_its_traps_named(models_dir, open_page):
    shown = text(open_page("overview", overview_data="true"))
    assert "10.17632/rscbjbr9sj" in shown
    assert "CC BY 4.0" in shown
    assert "16 images" in shown


def test_data_of_ones_own_get_no_credit_of_another(models_dir, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    assert "Kermany" not in text(open_page("overview", overview_data="true"))


@pytest.mark.long
@pytest.mark.slow
def test_no_tensorflow(models_dir):
    script = (
        "import sys; sys.path.insert(0, '.'); from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(APP)!r}, default_timeout=180).run()\n"
        "for page in ('overview', 'data', 'train', 'compare'):\n"
        "    app.switch_page(f'views/{page}.py').run()\n"
        "    assert not app.exception, app.exception\n"
        "print([name for name in ('tensorflow', 'keras') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=APP.parents[1])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_published_stands_beside_measured_for_every_system(models_dir, make_run, open_page):
    recipe = get_system("cnn1").variant(2).recipe
    for seed in (0, 1):
        make_run(models_dir, seed=seed, skill=2.0, recipe=recipe)
    app = open_page("overview", overview_published="true")
    tables = [frame.value for frame in app.dataframe if "Why it differs" in frame.value]
    assert [len(table) for table in tables] == [8, 5]
    row = tables[0].set_index("System").loc["CNN_1"]
    assert row["Seeds"] == 2 and row["Accuracy, published"] == "0.820" and " ± " in row["Accuracy"]
    assert list(tables[0].set_index("System").loc["VGG16, flat head", ["Accuracy, published", "Accuracy"]]) == ["0.800", "–"]
    assert "python -m core reproduce" in text(app)


def test_the_way_from_validation_to_test_is_shown(models_dir, make_run, open_page):
    apart = make_run(models_dir, recipe=plan("cnn1", 2, {"left_out": "series=IM", "validation_seed": "0"}).recipe)
    write_about(apart, archived=True)
    app = open_page("overview", overview_gaps="true")
    assert "nothing is chosen on test" in text(app)
    wide = next(frame.value for frame in app.dataframe if "validation" in frame.value)
    assert len(wide) == 3 and wide["test"].dropna().between(0, 1).all()
    assert wide["series held out"].notna().sum() == wide["test"].isna().sum() == 1, "archived, for it is no run to choose"
    assert "Not yet scored on altered validation images: 2 runs" in text(app)


@pytest.mark.parametrize("linked", ["Specificity", "specificity"])
def test_the_metric_from_validation_to_test_is_in_the_link_and_cannot_be_let_go(models_dir, open_page, linked):
    app = open_page("overview", overview_gaps="true", overview_gap_metric=linked)
    choice = app.segmented_control(key="overview_gap_metric")
    assert choice.value == "Specificity" and choice.proto.required and choice.proto.query_param_key == "overview_gap_metric"
    assert "Specificity of each run on each set of images" in [fold.label for fold in app.expander]
    app.segmented_control(key="overview_gap_metric").set_value("Sensitivity").run()
    assert "Sensitivity of each run on each set of images" in [fold.label for fold in app.expander]
