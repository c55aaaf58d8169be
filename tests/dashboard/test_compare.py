"""The Compare page on stored predictions alone."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from core.figures.palette import INK
from core.metrics.alignment import line_up
from core.metrics.comparison import compare_panel, compare_runs
from core.metrics.comparison_text import verdict
from core.metrics.evaluation import evaluate_run
from core.metrics.operating_point import thresholds_at
from core.metrics.statistics.intervals import wilson, with_interval
from core.reporting.html import build_report
from core.runs.identity import write_about
from core.runs.identity.about import pin_baseline
from core.runs.run import PREDICTIONS
from core.runs.store import list_runs
from core.training.plan import plan
from dashboard.components.chips import colours_of, with_chips
from dashboard.components.compare import report_button
from dashboard.components.compare.images.case_gallery import PER_PAGE
from dashboard.components.compare.tables.paired_tests import MARKS
from dashboard.components.markdown import plain
from tests.dashboard.conftest import displayed

PROJECT = Path(__file__).parents[2]
A, B = "[A] CNN_1, 3 epochs · seed 1", "[B] CNN_1, 3 epochs · seed 2"  # of `models_dir` the best before test, and the newest
INTERVAL = r"\d\.\d{3} \(\d\.\d{3}–\d\.\d{3}\)"


def figures(page):
    """Every number on the page that a slider may put in place, by its name."""
    found = (re.findall(r'data-cell="([^"]+)">([^<]*)<', html.proto.body) for html in page.get("html"))
    return {name: text for pairs in found for name, text in pairs}


def heads(page):
    """The head of each row and column of the table of metrics."""
    body = next(html.proto.body for html in page.get("html") if "figures-metrics" in html.proto.body and "<table" in html.proto.body)
    found = re.findall(r"<th [^>]*>(?:<b [^>]*>([A-Z])</b> )?([^<]*)<", body)
    return [f"[{letter}] {name}" if letter else name for letter, name in found]


def table_with(page, column):
    """The first table of a page that has this column."""
    return next(frame.value for frame in page.dataframe if column in frame.value)


def displayed_with(page, column):
    """The first table of a page that has this column, as it reads."""
    return next(displayed(frame) for frame in page.dataframe if column in frame.value)


def opened_with(models):
    """The two runs of `models_dir` as the page opens with them: the best before test, then the newest."""
    return list_runs(models)[0][::-1]


def test_the_newest_run_is_compared_with_the_best_before_test(models_dir, open_page):
    page = open_page("compare")
    assert not page.exception
    best, newest = opened_with(models_dir)
    assert page.multiselect(key="compare_runs").value == [best.name, newest.name]
    assert heads(page)[:5] == ["Metric", "n", A, B, "What it says"]
    assert figures(page)["1.sensitivity"] == with_interval(evaluate_run(newest).metrics["sensitivity"])


def test_the_legend_tells_seed_and_changed_settings(models_dir, open_page, make_run):
    make_run(models_dir, seed=7, recipe=plan("cnn1", 2, {"cutmix": "0.5"}).recipe, created="2099-01-01T00:00:00+00:00")
    page = open_page("compare")
    assert any("CNN_1, CutMix 0.5 · seed 7" in html.proto.body for html in page.get("html"))


def test_two_classes_come_before_a_newer_run_of_three(models_dir, open_page, make_run):
    best, newest = opened_with(models_dir)
    make_run(models_dir, n_classes=3, created="2099-01-01T00:00:00+00:00")
    assert list_runs(models_dir)[0][0].config.n_classes == 3
    assert open_page("compare").multiselect(key="compare_runs").value == [best.name, newest.name]


def test_a_filter_may_leave_a_column_without_a_figure(models_dir, open_page, make_run):
    make_run(models_dir, system="lens_scratch", seed=9)  # nobody published a figure for it
    page = open_page("compare", compare_leaderboard="true", compare_board_filter="lens")
    assert not page.exception
    assert table_with(page, "Published accuracy")["Published accuracy"].isna().all()


def test_operating_point_moves_everything(models_dir, open_page):
    run = opened_with(models_dir)[0]
    page = open_page("compare", compare_operating_point="half")
    page.segmented_control(key="compare_operating_point").set_value("Custom").run()
    page.slider(key="compare_operating_point_threshold").set_value(0.9).run()
    found, expected = figures(page), evaluate_run(run, threshold=0.9)
    assert found["0.accuracy"] == with_interval(expected.metrics["accuracy"])
    assert found["0.threshold"] == "0.900"
    assert found["0.matrix.10"] == str(expected.confusion_matrix[1, 0])


def test_same_sensitivity_gives_each_run_its_own_threshold(models_dir, open_page):
    page = open_page("compare", compare_operating_point="matched", compare_operating_point_sensitivity="80")
    assert not page.exception
    found = figures(page)
    assert [found[f"{number}.sensitivity"][:5] for number in range(2)] == ["0.800", "0.800"]
    assert found["0.specificity"] != found["1.specificity"]


def test_difference_is_told_in_a_sentence_and_every_figure_one_click_away(models_dir, open_page):
    best, newest = opened_with(models_dir)
    page = open_page("compare", compare_pairs="true")
    said = plain(verdict(compare_runs(best, newest), *MARKS))
    for mark, label in zip(MARKS, (A, B), strict=True):
        said = said.replace(mark, f"**{plain(label)}**")
    labelled = dict(zip((A, B), (best, newest), strict=True))
    assert any(with_chips(said, colours_of(labelled)) in text.value for text in page.markdown)
    assert not any("corrected" in caption.value for caption in page.caption)
    table = table_with(page, "95 % interval")
    assert list(table["Metric"]) == ["Accuracy", "Specificity", "Sensitivity", "ROC AUC"]


def test_three_runs_are_corrected_for_being_several_pairs(models_dir, open_page, make_run):
    make_run(models_dir, seed=7)
    page = open_page("compare", compare_runs=[run.name for run in list_runs(models_dir)[0]], compare_pairs="true")
    table, runs = table_with(page, "95 % interval"), list_runs(models_dir)[0]
    assert sorted(table["Pair"].unique()) == ["[B] − [A]", "[C] − [A]", "[C] − [B]"]
    areas = table[table["Metric"] == "ROC AUC"]
    assert areas["Difference"].abs().is_monotonic_decreasing, "the largest difference first"
    panel = line_up(runs).panel
    expected = {one.p_adjusted for one in compare_panel(panel, thresholds_at(panel, runs)) if one.metric == "roc_auc"}
    assert set(areas["p"]) == expected
    assert any("corrected for 3 comparisons" in caption.value for caption in page.caption)


def test_verdicts_of_one_run_against_each_other_are_chosen_by_letter(models_dir, open_page, make_run):
    make_run(models_dir, seed=7)
    page = open_page("compare", compare_runs=[run.name for run in list_runs(models_dir)[0]], compare_verdicts="B")
    told = next(text.value for text in page.markdown if "Difference in ROC AUC" in text.value)
    assert told.count("\n") == 1 and all(r"} CNN\_1, 3 epochs · seed 2**" in line for line in told.split("\n"))
    page.segmented_control(key="compare_verdicts").set_value("All pairs").run()
    assert next(text.value for text in page.markdown if "Difference in ROC AUC" in text.value).count("\n") == 2


@pytest.mark.parametrize("curve", ["Precision–recall", "DET", "Calibration", "Scores", "Thresholds", "Learning"])
def test_every_curve_opens_from_a_link(models_dir, open_page, curve):
    page = open_page("compare", compare_curve=curve)
    assert not page.exception
    assert page.segmented_control(key="compare_curve").value == curve


def test_calibration_tells_both_scores_before_and_after_scaling(models_dir, open_page):
    page = open_page("compare", compare_curve="Calibration", compare_calibration_scaled="true")
    table = table_with(page, "T").set_index("Run")
    assert table.loc[B, "Brier"] == pytest.approx(evaluate_run(opened_with(models_dir)[1]).metrics["brier"].value)
    assert table["Brier scaled"].notna().all()


def test_costs_and_predictive_values_follow_the_readers_own_numbers(models_dir, open_page, monkeypatch):
    reports, download = [], st.download_button
    monkeypatch.setattr(report_button, "build_report", lambda runs, point, *given, **more: f"costs {given[:2]}")
    monkeypatch.setattr(st, "download_button", lambda label, data, *a, **kw: (reports.append(data), download(label, data, *a, **kw))[1])
    page = open_page("compare", compare_cost="true")
    before = table_with(page, "NPV")
    page.number_input(key="compare_cost_weight").set_value(1.0)
    page.number_input(key="compare_cost_prevalence").set_value(10.0).run()
    after = table_with(page, "NPV")
    assert (after["Cost"] < before["Cost"]).all()
    assert (after["PPV"] < before["PPV"]).all()
    assert (after["NPV"] > before["NPV"]).all()
    written = next(data for data in reversed(reports) if data.__qualname__.startswith("report_button"))
    with ThreadPoolExecutor(1) as elsewhere:  # as Streamlit makes a file: where there is no session
        assert elsewhere.submit(written).result() == "costs (1.0, 0.1)"


def test_disagreements_list_samples_most_confident_error_first(models_dir, open_page):
    asked = {"compare_kind": "A right, B wrong", "compare_among": "Normal", "compare_order": "Most confident error"}
    page = open_page("compare", **asked)
    table = table_with(page, "most_confident_error")
    assert (table[f"{A}: called"] == table["truth"]).all()
    assert (table[f"{B}: called"] != table["truth"]).all()
    assert set(table["truth"]) == {"NORMAL"}
    assert table["most_confident_error"].is_monotonic_decreasing
    assert table["look"].str.startswith("inspect?inspect_sample=test%2F").all()
    counts = table_with(page, "A right, B wrong").set_index("Among")
    assert counts.loc["Normal", "A right, B wrong"] >= len(table)
    assert (counts.drop(columns=["n", "Any disagreement"]).sum(axis=1) == counts["n"]).all()


def test_films_that_no_run_gets_wrong_are_not_said_to_stand_by_their_errors(models_dir, open_page):
    page = open_page("compare", compare_kind="Both right", compare_order="Most confident error")
    (said,) = [caption.value for caption in page.caption if caption.value.endswith("the least sure first.")]
    assert "images, none of them called wrong, so the least sure first." in said


def test_disagreements_open_on_any_disagreement_with_the_largest_gap_first(models_dir, open_page):
    page = open_page("compare")
    assert page.segmented_control(key="compare_kind").value == "Any disagreement"
    table = table_with(page, "largest_gap")
    assert (table[f"{A}: called"] != table[f"{B}: called"]).all()
    assert table["largest_gap"].is_monotonic_decreasing
    gaps = (table[f"{A}: p(PNEUMONIA)"] - table[f"{B}: p(PNEUMONIA)"]).abs()
    assert table["largest_gap"].tolist() == pytest.approx(gaps.tolist(), abs=1e-6)


def test_letters_are_chips_on_the_page_and_plain_in_the_link(models_dir, open_page):
    page = open_page("compare", compare_kind="A right, B wrong")
    choice = page.segmented_control(key="compare_kind")
    assert choice.value == "A right, B wrong", "a link of before"
    colours = colours_of(dict(zip((A, B), opened_with(models_dir), strict=True)))
    chip = ':color[\u00a0{}\u00a0]{{foreground="{}" background="{}"}}\u00a0{}'
    words = [chip.format("A", INK, colours[A], "wrong"), chip.format("B", INK, colours[B], "right")]
    assert ", ".join(words) in choice.options
    assert page.query_params["compare_kind"] in ("A right, B wrong", ["A right, B wrong"])
    choice.set_value("A wrong, B right").run()
    assert page.query_params["compare_kind"] in ("A wrong, B right", ["A wrong, B right"])
    page.segmented_control(key="compare_kind").set_value("Any disagreement").run()
    assert "compare_kind" not in page.query_params, "what the page opens with is left out"


def test_what_was_brought_is_opened_beside_the_baseline(models_dir, open_page, make_run):
    """A new session knows of no comparison before: what is newest is set against the baseline, or else the best before test."""
    brought = make_run(models_dir, seed=3, created="2099-01-01T00:00:00+00:00")
    brought.write_config(brought.config.model_copy(update={"system": "imported", "title": "Mine"}))
    best, newest = list_runs(models_dir)[0][:0:-1]
    assert open_page("compare").multiselect(key="compare_runs").value == [best.name, brought.name]
    pin_baseline(newest, list_runs(models_dir)[0])
    assert open_page("compare").multiselect(key="compare_runs").value == [newest.name, brought.name]


def test_the_images_of_a_cell_of_a_matrix_open_from_a_link(models_dir, open_page):
    page = open_page("compare", compare_kind="B calls pneumonia", compare_among="Normal")
    assert page.segmented_control(key="compare_kind").value == "B calls pneumonia"
    table = table_with(page, "look")
    assert set(table["truth"]) == {"NORMAL"} and set(table[f"{B}: called"]) == {"PNEUMONIA"}
    n_images = int(figures(page)["1.matrix.01"])
    assert len(table) == min(n_images, PER_PAGE)
    page.segmented_control(key="compare_kind").set_value("Both right").run()
    assert "B calls pneumonia" not in page.segmented_control(key="compare_kind").options


def test_counts_at_the_threshold_are_those_of_the_matrix(models_dir, open_page):
    found = figures(open_page("compare"))
    for number in range(2):
        counts = [found[f"{number}.{name}"] for name in ("found", "missed", "alarms")]
        assert counts == [found[f"{number}.matrix.{cell}"] for cell in ("11", "10", "01")]


def test_settings_that_differ_stand_side_by_side(models_dir, open_page, make_run):
    other = make_run(models_dir, seed=7, recipe=plan("cnn1", 2, {"cutmix": "0.5"}).recipe, created="2099-01-01T00:00:00+00:00")
    runs = [other.name, list_runs(models_dir)[0][1].name]
    table = table_with(open_page("compare", compare_runs=runs, compare_settings="true"), "Setting").set_index("Setting")
    named = ["[A] CNN_1, CutMix 0.5 · seed 7", "[B] CNN_1, 3 epochs · seed 2"]
    assert table.loc[["Seed", "Cutmix"], named].to_numpy().tolist() == [
        ["7", "2"],
        ["0.5", "0"],
    ]
    assert "Optimizer" not in table.index


def test_one_number_has_one_value_all_over_the_page_and_in_the_report(models_dir, open_page):
    """Every number with one name, wherever it stands: the table, the matrix, the counts, costs, calibration, leaderboard and report."""
    everything = {
        "compare_cost": "true",
        "compare_leaderboard": "true",
        "compare_board_seeds": "true",
        "compare_curve": "Calibration",
        "compare_board_columns": ["AUC", "Id"],
    }
    chosen = opened_with(models_dir)
    page = open_page("compare", **everything)
    shown, costs, calibration = figures(page), displayed_with(page, "NPV"), table_with(page, "ECE")
    board = displayed_with(page, "AUC").set_index("Id")
    report = build_report(chosen)
    for number, run in enumerate(chosen):
        (tn, fp), (fn, tp) = [[int(shown[f"{number}.matrix.{row}{column}"]) for column in (0, 1)] for row in (0, 1)]
        assert shown[f"{number}.precision"] == costs["PPV"][number] == with_interval(wilson(tp, tp + fp))
        assert (costs["Missed"][number], costs["False alarms"][number]) == (str(fn), str(fp))
        assert shown[f"{number}.sensitivity"] == with_interval(wilson(tp, tp + fn))
        assert shown[f"{number}.specificity"] == with_interval(wilson(tn, tn + fp))
        for name, column in (("brier", "Brier"), ("ece", "ECE")):
            assert shown[f"{number}.{name}"].startswith(f"{calibration[column][number]:.3f} (")
        assert board.loc[run.name, "AUC"] == shown[f"{number}.roc_auc"]
        assert {shown[f"{number}.{name}"] for name in ("accuracy", "roc_auc", "precision")} <= set(re.findall(INTERVAL, report))
        assert f"threshold {shown[f'{number}.threshold']}" in report


def test_the_choice_of_view_stays_where_there_is_no_image(models_dir, open_page, phantoms, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    page = open_page("compare")
    counts = table_with(page, "A wrong, B right").set_index("Among").drop(columns="n")
    kind, among = next((kind, among) for among, row in counts.iterrows() for kind in counts if not row[kind])
    page.segmented_control(key="compare_kind").set_value(kind)
    page.segmented_control(key="compare_among").set_value(among).run()
    assert any(info.value == "There is no such image." for info in page.info)
    assert page.segmented_control(key="compare_view").value == "Pictures", "its coming and going would rewrite the link"


def test_images_are_shown_a_page_at_a_time(models_dir, open_page):
    page = open_page("compare", compare_kind="Both right", compare_page="2")
    n_images = table_with(page, "Both right").set_index("Among").loc["All images", "Both right"]
    assert len(table_with(page, "look")) == min(PER_PAGE, n_images - PER_PAGE)


@pytest.mark.long
def test_thumbnails_come_with_a_data_set(models_dir, open_page, phantoms, monkeypatch):
    monkeypatch.setenv("PNEUMOLENS_DATA", str(phantoms))
    page = open_page("compare")
    assert not page.exception
    captions = " ".join(caption.value for caption in page.caption)
    assert "files differ" in captions
    assert "No image of these is in" in captions


def test_runs_on_other_images_are_refused_by_name(models_dir, open_page, make_run):
    cut = make_run(models_dir, seed=5)
    cut.write_predictions(cut.predictions.iloc[:-3])
    first = list_runs(models_dir)[0][-1]
    page = open_page("compare", compare_runs=[first.name, cut.name])
    assert not page.exception
    assert cut.name in page.warning[0].value
    assert "different test images" in page.warning[0].value and "not shown beside the others" in page.warning[0].value
    assert [head for head in heads(page) if "CNN_1" in head] == [A.replace("seed 2", "seed 1")]
    page.button(key=f"compare_runs_alone_{cut.name}").click().run()
    assert page.multiselect(key="compare_runs").value == [cut.name] and not page.warning
    assert figures(page)["0.accuracy"] == with_interval(evaluate_run(cut).metrics["accuracy"])


def test_three_classes_stand_beside_two_and_the_page_says_so(models_dir, open_page, make_run):
    other = make_run(models_dir, n_classes=3)
    page = open_page("compare", compare_runs=[list_runs(models_dir)[0][-1].name, other.name])
    assert not page.exception
    assert "3 classes, 3 epochs · seed 0 tells bacterial" in page.info[0].value
    assert "added up" in page.info[0].value
    assert "Sensitivity" in heads(page)


def without_validation(run, keep=slice(None), **given):
    """The run as a table from elsewhere would make it: some of its test images alone, and no threshold but one given."""
    test = run.predictions.query("split == 'test'").iloc[keep]
    run.write_predictions(test)
    run.write_card({"recommended": {"rule": "given", "value": 0.5}} | given)
    return run


@pytest.mark.parametrize("point", ["recommended", "half", "youden"])
def test_three_classes_without_validation_stand_beside_two(models_dir, open_page, make_run, page_text, point):
    two, three = list_runs(models_dir)[0][0], without_validation(make_run(models_dir, n_classes=3))
    page = open_page("compare", compare_runs=[two.name, three.name], compare_operating_point=point)
    assert not page.exception and not page.warning
    assert figures(page)["1.threshold"] == "0.500" and "A wrong, B right" in page_text(page)
    assert ("CNN_1, 3 classes, 3 epochs · seed 0 has no threshold 'youden'" in page_text(page).replace("\\", "")) is (point == "youden")


@pytest.mark.parametrize("keep", [slice(0, 5), slice(-5, None), slice(0, 1)], ids=["healthy", "ill", "one image"])
def test_a_test_set_of_one_class_keeps_every_section_and_shows_dashes(empty_models, open_page, make_run, page_text, undefined_words, keep):
    for seed in range(2):
        without_validation(make_run(empty_models, seed=seed), keep, thresholds={"half": 0.5})
    everything = {"compare_cost": "true", "compare_pairs": "true", "compare_leaderboard": "true"}
    page = open_page("compare", **everything, compare_operating_point="matched")
    lost = "specificity" if keep.start == -5 else "sensitivity"
    assert not page.exception and f"Not defined: {lost}" in page_text(page).replace("\\", "") and not undefined_words(page_text(page))
    assert figures(page)[f"0.{lost}"] == "–" and "costs and predictive values need test images of both classes" in page_text(page)
    matched = "Same sensitivity" in page.segmented_control(key="compare_operating_point").options
    assert matched is (lost == "specificity"), "without a case there is no sensitivity to match"
    for curve in ("DET", "Calibration", "Scores", "Thresholds"):
        page.segmented_control(key="compare_curve").set_value(curve).run()
        assert not page.exception and not undefined_words(page_text(page))


def test_three_classes_have_no_threshold(empty_models, open_page, make_run):
    make_run(empty_models, n_classes=3, seed=1)
    make_run(empty_models, n_classes=3, seed=2)
    page = open_page("compare")
    assert not page.exception
    assert any("no threshold to choose" in caption.value for caption in page.caption)
    assert page.segmented_control(key="compare_class").value == "VIRAL"
    page.segmented_control(key="compare_labels").set_value("Two classes").run()
    assert not page.exception
    assert "Sensitivity" in heads(page)


def test_curves_of_two_classes_are_not_those_of_three(empty_models, open_page, make_run):
    make_run(empty_models, n_classes=3, seed=1)
    page = open_page("compare", compare_class="BACTERIAL", compare_curve="Calibration")
    three = table_with(page, "ECE")["Brier"].tolist()
    page.segmented_control(key="compare_labels").set_value("Two classes").run()
    assert table_with(page, "ECE")["Brier"].tolist() != three, "class 1 is bacterial in the one and pneumonia in the other"


def test_the_slider_is_told_what_every_position_of_it_shows(models_dir, open_page):
    at = {"compare_operating_point": "Custom", "compare_operating_point_threshold": "0.3"}
    page = open_page("compare", **at)
    bodies = [html.proto.body for html in page.get("html")]
    keys = {key for body in bodies for key in re.findall(r'data-sweep="([^"]+)" data-position="0.3"', body)}
    assert len(keys) == 1 and sum("data-sweep" in body for body in bodies) == 5
    assert not any("data-sweep" in html.proto.body for html in open_page("compare").get("html")), "a rule has no slider"


def test_broken_and_unfinished_runs_are_named_with_the_reason(models_dir, open_page, make_run):
    broken, half, stopped = make_run(models_dir, seed=3), make_run(models_dir, seed=4), make_run(models_dir, seed=5)
    (broken.path / PREDICTIONS).write_bytes(b"PAR1 cut")
    (half.path / "config.json").write_text('{"system": "cnn1"')
    stopped.write_status("stopped")
    page = open_page("compare")
    assert not page.exception
    text = " ".join(markdown.value for markdown in page.markdown)
    assert "**CNN\\_1, 3 epochs · seed 3**  \n" in text
    assert "broken predictions.parquet" in text
    assert half.name in text
    assert "was stopped" in text
    assert len(page.multiselect(key="compare_runs").options) == 2


def test_a_link_to_a_run_that_is_gone_says_so(models_dir, open_page):
    page = open_page("compare", compare_runs="cnn1-gone")
    assert "cnn1-gone" in page.warning[0].value and "no run of that name" in page.warning[0].value
    assert len(page.multiselect(key="compare_runs").value) == 2


def test_a_link_to_a_run_that_cannot_be_read_says_what_is_wrong_with_it(models_dir, open_page, make_run):
    broken = make_run(models_dir, seed=3)
    (broken.path / PREDICTIONS).write_bytes(b"PAR1 cut")
    page = open_page("compare", compare_runs=broken.name)
    assert "cannot be chosen here" in page.warning[0].value and "broken predictions.parquet" in page.warning[0].value


def test_one_run_alone_is_judged_without_comparison(models_dir, open_page):
    page = open_page("compare", compare_runs=opened_with(models_dir)[0].name)
    assert not page.exception
    assert "Is the difference real?" not in [heading.value for heading in page.subheader]
    table = table_with(page, "most_confident_error")
    assert (table[f"{A}: called"] != table["truth"]).all()


def test_without_runs_the_page_says_what_to_do(empty_models, open_page):
    page = open_page("compare")
    assert not page.exception
    assert "Train a model" in page.info[0].value


def test_the_leaderboard_is_filtered_sorted_and_told_in_chosen_columns(models_dir, open_page, make_run):
    make_run(models_dir, n_classes=3, seed=4)
    asked = {"compare_leaderboard": "true", "compare_board_seeds": "true", "compare_board_columns": ["AUC", "Id"]}
    page = open_page("compare", compare_board_filter="2 classes", compare_board_sort="Specificity", **asked)
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table.columns) == ["Recipe or run", "AUC", "Id"]
    values = {run.name: evaluate_run(run).metrics["specificity"].value for run in list_runs(models_dir)[0] if run.config.n_classes == 2}
    assert table["Id"].tolist() == sorted(values, key=values.get, reverse=True)


def test_the_leaderboard_starts_closed_and_has_a_line_for_a_recipe_in_the_order_before_test(models_dir, open_page, make_run):
    other = make_run(models_dir, seed=4, skill=1.2, recipe=plan("cnn1", 2, {"cutmix": "0.5"}).recipe)
    assert "Recipe or run" not in open_page("compare").dataframe[0].value
    page = open_page("compare", compare_leaderboard="true", compare_board_columns=["Seeds", "AUC before test", "AUC"])
    table = page.dataframe[0].value
    areas = {run.name: evaluate_run(run, "val").metrics["roc_auc"].value for run in list_runs(models_dir)[0]}
    alone = areas.pop(other.name)
    expected = {"CNN_1, 3 epochs": sum(areas.values()) / 2, "CNN_1, CutMix 0.5": alone}
    assert table["Recipe or run"].tolist() == sorted(expected, key=expected.get, reverse=True)
    assert table["AUC before test"].tolist() == pytest.approx(sorted(expected.values(), reverse=True))
    assert table.set_index("Recipe or run")["Seeds"].to_dict() == {"CNN_1, 3 epochs": "1, 2", "CNN_1, CutMix 0.5": "4"}
    assert " ± " in displayed(page.dataframe[0]).set_index("Recipe or run").loc["CNN_1, 3 epochs", "AUC"]


def test_the_page_opens_with_what_was_compared_before_and_what_was_brought_in_since(models_dir, open_page, make_run):
    older = [run.name for run in list_runs(models_dir)[0]]
    page = open_page("compare", compare_runs=older[1:])
    brought = make_run(models_dir, seed=5, created="2099-01-01T00:00:00+00:00")
    brought.write_config(brought.config.model_copy(update={"system": "imported", "title": "mine"}))
    page.switch_page("views/data.py").run()
    page.query_params.clear()
    page.switch_page("views/compare.py").run()
    assert page.multiselect(key="compare_runs").value == [older[1], brought.name]


def test_a_run_whose_folder_has_a_short_name_changes_no_word_of_a_sentence(models_dir, open_page, make_run):
    other = make_run(models_dir, n_classes=3)
    first = list_runs(models_dir)[0][-1]
    (models_dir / other.name).rename(models_dir / "a")
    page = open_page("compare", compare_runs=[first.name, "a"])
    assert "3 epochs · seed 0 tells bacterial from viral pneumonia; here both count as pneumonia" in page.info[0].value.replace("\\", "")


def test_the_baseline_is_compared_first_and_said(models_dir, open_page, make_run):
    make_run(models_dir, seed=7)
    oldest = list_runs(models_dir)[0][-1]
    write_about(oldest, baseline=True)
    page = open_page("compare")
    assert page.multiselect(key="compare_runs").value[0] == oldest.name
    assert any("baseline, trained" in html.proto.body for html in page.get("html"))
    three = open_page("compare", compare_runs=[run.name for run in list_runs(models_dir)[0]])
    assert three.segmented_control(key="compare_verdicts").value == "C"


def test_a_name_is_text_in_verdicts_and_notes(models_dir, open_page, make_run, page_text):
    other = make_run(models_dir, n_classes=3)
    write_about(other, name="**x** <b>y</b> $z$")
    page = open_page("compare", compare_runs=[list_runs(models_dir)[0][-1].name, other.name])
    told = next(text.value for text in page.markdown if "Difference in ROC AUC" in text.value)
    assert r"\*\*x\*\* ‹b\>y‹/b\> \$z\$" in told
    assert other.name not in page.info[0].value and "tells bacterial from viral" in page.info[0].value
    assert "of 3 classes, shown as 2" in page_text(page)


def handed_over(page, column: str) -> str:
    """The first run's rate on the films that it keeps, out of the table of the referral curve."""
    table = next(part.proto.body for part in page.get("html") if "10 % handed over" in part.proto.body)
    return re.search(f'data-label="{column}">([^<]+)<', table).group(1)


def test_sections_on_groups_say_that_nothing_is_known_of_the_films_and_the_referral_curve_is_there(models_dir, open_page):
    page = open_page("compare", compare_groups="true", compare_slices="true", compare_referral="true", compare_slice="series=9")
    assert not page.exception
    assert sum("Nothing is known of these test images" in info.value for info in page.info) == 2
    assert any("not known here, so all films are shown" in warning.value for warning in page.warning)
    assert handed_over(page, "None").startswith(figures(page)["0.accuracy"])


def test_the_strangest_films_are_handed_over_first_where_it_is_known_how_strange_they_are(models_dir, open_page):
    run = list_runs(models_dir)[0][0]
    page = open_page("compare", compare_runs=[run.name], compare_referral="true", compare_referral_first="unlike")
    said = next(info.value for info in page.info if "was not measured for A" in info.value)
    assert ("python -m core reference" in said) == run.model_path.exists() and not page.exception
    test = run.predictions.query("split == 'test'")
    called = (test["p_PNEUMONIA"] >= run.card.recommended.value).astype(int)
    wrong = (called != test["y_true"]).to_numpy()
    pd.DataFrame({"sample_id": test["sample_id"], "unlikeness": wrong * 1.0}).to_parquet(run.path / "unlikeness.parquet")
    page.run()
    kept = handed_over(page, "10 % handed over")
    n_test, n_handed = len(test), int(0.1 * len(test))
    assert kept.startswith(f"{1 - max(wrong.sum() - n_handed, 0) / (n_test - n_handed):.3f}"), "wrong ones first, as they are the strangest"


def test_a_click_on_a_group_shows_its_films_and_a_button_all_again(models_dir, open_page, lay, monkeypatch):
    ids = list_runs(models_dir)[0][0].predictions["sample_id"]
    monkeypatch.setenv("PNEUMOLENS_DATA", str(lay(*(name.removesuffix(".jpeg") + ".jpeg" for name in ids))))
    page = open_page("compare", compare_groups="true", compare_groups_by="series", compare_slice="class=NORMAL&series=1")
    assert not page.exception
    groups = table_with(page, "Group").set_index("Group")
    assert groups.loc["IM", "A"].endswith("n = 40") and groups.loc["person", "A"] == "too few: 0 films"
    line = next(text.value for text in page.markdown if "Only normal films" in text.value)
    n = int(re.search(r"(\d+) films", line).group(1))
    assert table_with(page, "Any disagreement").set_index("Among").loc["All images", "n"] == n
    page.button(key="compare_slice_clear").click().run()
    assert table_with(page, "Any disagreement").set_index("Among").loc["All images", "n"] == 90
