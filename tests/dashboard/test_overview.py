import subprocess
import sys
from pathlib import Path

import pytest

from core.architectures import get_system
from tests.dashboard.conftest import displayed

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def text(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.warning, *app.caption])


def test_the_leaderboard_lists_finished_runs_best_auc_first_with_intervals(models_dir, open_page):
    app = open_page("overview")
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table["System"]) == ["CNN_1", "CNN_1"]
    assert list(table["AUC"]) == sorted(table["AUC"], reverse=True), "numbers, so that a click on the head sorts them as such"
    assert list(table["Test images"]) == [90, 90]
    read = displayed(app.dataframe[0])
    assert read["AUC"].str.fullmatch(r"\d\.\d{3} \(\d\.\d{3}–\d\.\d{3}\)").all()
    assert read["Operating point"].str.contains("Youden").all()


def test_the_published_figure_stands_beside_ours(models_dir, open_page):
    table = open_page("overview").dataframe[0].value
    assert get_system("cnn1").variant(2).published["accuracy"] == 0.82
    assert list(table["Published accuracy"]) == [0.82, 0.82]


def test_a_missing_note_beside_one_that_is_there_is_left_out(models_dir, make_run, open_page):
    make_run(models_dir, system="three_conv_cnn", seed=5)
    table = open_page("overview").dataframe[0].value
    assert set(table["Published accuracy"]) == {0.82, 0.74}


def test_a_transfer_model_without_its_weights_is_labelled(models_dir, make_run, open_page):
    recipe = get_system("vgg16_flat").variant().recipe
    make_run(models_dir, system="vgg16_flat", seed=6, recipe=recipe.model_copy(update={"weights": "none"}))
    assert "VGG16, flat head (no ImageNet weights)" in set(open_page("overview").dataframe[0].value["System"])


def test_three_class_runs_stand_apart(models_dir, make_run, open_page):
    make_run(models_dir, n_classes=3, seed=3)
    two, three = [frame.value for frame in open_page("overview").dataframe][:2]
    assert len(two) == 2
    assert len(three) == 1
    assert "Sensitivity" not in three
    assert {"Recall normal", "Recall bacterial", "Recall viral", "Macro F1"} <= set(three)
    assert "Operating point" not in three


def test_without_runs_or_images_it_says_how_to_get_them(empty_models, open_page):
    app = open_page("overview")
    assert not app.exception
    assert "No run has finished yet" in text(app)
    assert "python -m core fetch kaggle" in app.code[0].value


def test_with_images_but_no_run_it_points_to_train(empty_models, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    app = open_page("overview")
    assert not app.code
    assert "12 images" in text(app)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("predictions.parquet", b"cut", "broken predictions.parquet"),
        ("config.json", b"{", "not valid"),
        ("status.json", b"", "broken status.json"),
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


def test_stopped_and_failed_runs_are_listed_with_their_reasons(models_dir, make_run, open_page):
    make_run(models_dir).write_status("failed", reason="no weights *here*")
    make_run(models_dir).write_status("stopped", reason="asked to stop")
    shown = text(open_page("overview"))
    assert r"no weights \*here\*" in shown
    assert "asked to stop" in shown


def test_the_shipped_index_is_credited_and_its_traps_named(models_dir, open_page):
    shown = text(open_page("overview"))
    assert "10.17632/rscbjbr9sj" in shown
    assert "CC BY 4.0" in shown
    assert "16 images" in shown


def test_data_of_ones_own_get_no_credit_of_another(models_dir, phantoms, monkeypatch, open_page):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    assert "Kermany" not in text(open_page("overview"))


def test_no_tensorflow(models_dir):
    script = (
        "import sys; sys.path.insert(0, '.'); from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(APP)!r}, default_timeout=180).run()\n"
        "for page in ('overview', 'data', 'train'):\n"
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
    app = open_page("overview")
    tables = [frame.value for frame in app.dataframe if "Why it differs" in frame.value]
    assert [len(table) for table in tables] == [8, 5]
    row = tables[0].set_index("System").loc["CNN_1"]
    assert row["Seeds"] == 2 and row["Accuracy, published"] == "0.820" and " ± " in row["Accuracy"]
    assert list(tables[0].set_index("System").loc["VGG16, flat head", ["Accuracy, published", "Accuracy"]]) == ["0.800", "–"]
    assert "python -m core reproduce" in text(app)


def test_the_way_from_validation_to_test_is_shown(models_dir, open_page):
    app = open_page("overview")
    assert "No choice was made on test" in text(app)
    wide = next(frame.value for frame in app.dataframe if "validation" in frame.value)
    assert len(wide) == 2 and wide["test"].between(0, 1).all()
    assert "2 runs have no battery yet" in text(app)
