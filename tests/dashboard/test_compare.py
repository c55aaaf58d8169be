"""The Compare page on stored predictions alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.metrics.comparison import compare_runs
from core.metrics.evaluation import evaluate_run
from core.runs import PREDICTIONS, list_runs
from dashboard.components.formats import with_interval

PROJECT = Path(__file__).parents[2]


def test_newest_two_runs_are_compared_with_intervals(models_dir, open_page):
    page = open_page("compare")
    assert not page.exception
    newest, older = list_runs(models_dir)[0]
    assert page.multiselect(key="compare_runs").value == [newest.name, older.name]
    table = page.dataframe[0].value.set_index("Metric")
    assert table.loc["Sensitivity", "B CNN_1"] == with_interval(evaluate_run(older).metrics["sensitivity"])
    assert table.loc["Sensitivity", "n"] == "50"


def test_operating_point_moves_everything(models_dir, open_page):
    run = list_runs(models_dir)[0][0]
    page = open_page("compare", compare_operating_point="half")
    page.segmented_control(key="compare_operating_point").set_value("Custom").run()
    page.slider(key="compare_operating_point_threshold").set_value(0.9).run()
    table = page.dataframe[0].value.set_index("Metric")
    assert table.loc["Accuracy", "A CNN_1"] == with_interval(evaluate_run(run, threshold=0.9).metrics["accuracy"])
    assert any("threshold 0.900" in html.proto.body for html in page.get("html"))


def test_difference_is_told_in_counts(models_dir, open_page):
    page = open_page("compare")
    newest, older = list_runs(models_dir)[0]
    found = next(d for d in compare_runs(newest, older) if d.metric == "sensitivity")
    count = abs(round(found.difference * found.n_samples))
    direction = "more" if found.difference > 0 else "fewer"
    assert any(f"finds {count} {direction} of the 50 pneumonias" in text.value for text in page.markdown)


@pytest.mark.parametrize("curve", ["Precision–recall", "Calibration", "Thresholds", "Learning"])
def test_every_curve_opens_from_a_link(models_dir, open_page, curve):
    page = open_page("compare", compare_curve=curve)
    assert not page.exception
    assert page.segmented_control(key="compare_curve").value == curve


def test_disagreements_list_samples_surest_error_first(models_dir, open_page):
    page = open_page("compare", compare_kind="A wrong, B right")
    table = page.dataframe[1].value
    assert (table["A CNN_1: called"] != table["truth"]).all()
    assert (table["B CNN_1: called"] == table["truth"]).all()
    assert table["surest_error"].is_monotonic_decreasing
    assert table["look"].str.startswith("inspect?inspect_sample=test%2F").all()


def test_thumbnails_come_with_a_data_set(models_dir, open_page, phantoms, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    page = open_page("compare")
    assert not page.exception
    assert "image" in page.dataframe[1].value
    assert any("files differ" in caption.value for caption in page.caption)


def test_runs_with_other_classes_or_images_are_refused_by_name(models_dir, open_page, make_run):
    other = make_run(models_dir, n_classes=3)
    cut = make_run(models_dir, seed=5)
    cut.write_predictions(cut.predictions.iloc[:-3])
    first = list_runs(models_dir)[0][-1]
    page = open_page("compare", compare_runs=[first.name, other.name, cut.name])
    assert not page.exception
    warnings = " ".join(warning.value for warning in page.warning)
    assert other.name in warnings
    assert "different classes" in warnings
    assert cut.name in warnings
    assert "different test images" in warnings
    assert [c for c in page.dataframe[0].value if "CNN_1" in c] == ["A CNN_1"]


def test_three_classes_have_no_threshold(empty_models, open_page, make_run):
    make_run(empty_models, n_classes=3, seed=1)
    make_run(empty_models, n_classes=3, seed=2)
    page = open_page("compare")
    assert not page.exception
    assert any("no threshold to choose" in caption.value for caption in page.caption)
    assert page.segmented_control(key="compare_class").value == "VIRAL"


def test_broken_and_unfinished_runs_are_named_with_the_reason(models_dir, open_page, make_run):
    broken, half, stopped = make_run(models_dir, seed=3), make_run(models_dir, seed=4), make_run(models_dir, seed=5)
    (broken.path / PREDICTIONS).write_bytes(b"PAR1 cut")
    (half.path / "config.json").write_text('{"system": "cnn1"')
    stopped.write_status("stopped")
    page = open_page("compare")
    assert not page.exception
    text = " ".join(markdown.value for markdown in page.markdown)
    assert f"**{broken.name}**  \n" in text
    assert "broken predictions.parquet" in text
    assert half.name in text
    assert "was stopped" in text
    assert len(page.multiselect(key="compare_runs").options) == 2


def test_a_link_to_a_run_that_is_gone_says_so(models_dir, open_page):
    page = open_page("compare", compare_runs="cnn1-gone")
    assert "cnn1-gone" in page.warning[0].value
    assert len(page.multiselect(key="compare_runs").value) == 2


def test_one_run_alone_is_judged_without_comparison(models_dir, open_page):
    page = open_page("compare", compare_runs=list_runs(models_dir)[0][0].name)
    assert not page.exception
    assert "Is the difference real?" not in [heading.value for heading in page.subheader]
    assert (page.dataframe[1].value["A CNN_1: called"] != page.dataframe[1].value["truth"]).all()


def test_without_runs_the_page_says_what_to_do(empty_models, open_page):
    page = open_page("compare")
    assert not page.exception
    assert "Train a model" in page.info[0].value


def test_page_never_loads_tensorflow(models_dir):
    script = (
        "import json, sys\nfrom streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(PROJECT / 'dashboard' / 'app.py')!r}, default_timeout=60).switch_page('views/compare.py').run()\n"
        "print(json.dumps([len(app.exception), [name for name in ('tensorflow', 'keras') if name in sys.modules]]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, env=dict(os.environ), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [0, []]
