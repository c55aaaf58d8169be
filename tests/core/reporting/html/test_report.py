"""The report: whole, offline, escaped, and its figures drawn from the stored scores."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from core.errors import InputError
from core.metrics.evaluation import evaluate_run
from core.metrics.operating_point import Match
from core.reporting.html import build_report
from core.runs.identity import names_of

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects text and addresses, and checks that every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.addresses, self.words, self.tags = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action", "data", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def runs(write_scored_run, tmp_path_factory):
    """Two runs, the first with a history: to be read, never changed."""
    folder = tmp_path_factory.mktemp("reported")
    runs = [write_scored_run(folder / str(i), skill, seed=i) for i, skill in enumerate((0.8, 2.0))]
    for epoch, loss in ((1, 0.9), (2, 0.5)):
        runs[0].append_history({"epoch": epoch, "loss": loss, "val_loss": loss + 0.1})
    return runs


@pytest.fixture(scope="module")
def report(runs):
    return build_report(runs)


def test_it_is_whole_and_needs_no_network_and_no_script(report):
    page = Page(report)
    assert page.open == [] and page.addresses == [] and "script" not in page.tags
    assert not re.search(r"@import|url\(|https?://", report)
    assert page.tags.count("figure") == 6  # ROC, precision and recall, calibration, decision, learning, scores of both runs


@pytest.mark.parametrize(
    "item",
    ["Intended use", "Data", "Split", "Labels", "Seed", "Threshold", "Training", "Settings", "Model", "Hardware", "Software", "Failures",
     "Calibration", "Not a medical device", "not a medical device", "Limits and licence", "CC BY 4.0", "Apache License 2.0", "n = 150"],
)  # fmt: skip
def test_every_item_of_a_model_card_is_there(report, item):
    assert item in Page(report).text


def test_figures_are_those_of_the_evaluation(runs, report):
    text = Page(report).text
    for run in runs:
        evaluation = evaluate_run(run)
        for name in ("roc_auc", "sensitivity", "brier"):
            estimate = evaluation.metrics[name]
            assert f"{estimate.value:.3f} ({estimate.low:.3f}–{estimate.high:.3f})" in text
        for row in evaluation.confusion_matrix:
            assert f"{row[0]} ({100 * row[0] / row.sum():.1f} %)" in text
    names = names_of(runs)
    assert f"[B] {names[runs[1].name]} finds" in text and f"than [A] {names[runs[0].name]}; with 150 images" in text


def test_the_operating_point_is_said(runs):
    assert "0.25 for all" in Page(build_report(runs, 0.25)).text
    assert "finds 90 % of these images of pneumonia, chosen on these very images" in Page(build_report(runs, Match(0.9))).text


def test_prevalence_and_cost_are_said(runs, report):
    text = Page(build_report(runs, k=3, prevalence=0.05)).text
    assert "Where 5.0 % of the images show pneumonia; a missed image of pneumonia counts as 3 false alarms" in text
    assert "Where 66.7 % of the images show pneumonia, as in the test images" in Page(report).text


def test_one_run_alone(runs):
    text = Page(build_report(runs[:1])).text
    assert "Are they different?" not in text and "It is wrong on" in text


def test_three_classes_have_no_decision_curve_and_two_more_curves(scored_run):
    page = Page(build_report([scored_run(seed=i, n_classes=3) for i in range(2)]))
    assert "Decision curve" not in page.text and "ROC, viral" in page.text and "largest probability" in page.text and page.open == []


def test_three_classes_are_reported_as_two_when_asked(scored_run):
    page = Page(build_report([scored_run(seed=i, n_classes=3) for i in range(2)], two_classes=True))
    assert "Decision curve" in page.text and "added up" in page.text and "ROC, viral" not in page.text


def test_collapsed_runs_are_said(scored_run):
    assert "added up" in Page(build_report([scored_run(), scored_run(seed=1, n_classes=3)])).text


def test_a_run_that_does_not_fit_is_named_and_the_others_reported(runs, scored_run):
    other = scored_run(n=60)
    text = Page(build_report([*runs, other])).text
    assert f"Left out: {other.name}." in text and "different test images" in text and "2 runs" in text


def test_titles_of_others_are_words_and_never_markup(scored_run):
    text = build_report([scored_run(splits=("test",), system="imported", title='<script>alert("x")</script> & more')], "half")
    page = Page(text)
    assert "script" not in page.tags and '‹script>alert("x")‹/script> & more' in page.text
    assert "no validation scores of both classes to fit it on" in page.text and "Seed not known" in page.text


def test_a_perfect_run_has_no_failures(scored_run):
    text = Page(build_report([scored_run(50)])).text
    assert "It is wrong on 0 of 150 images." in text and "0 of 50" in text


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("skill", [pytest.param(0.0, marks=pytest.mark.long), 1.5])
@pytest.mark.parametrize(
    ("kinds", "said"),
    [([0] * 5, "Not defined: no image is pneumonia."), ([1, 2], "Not defined: every image is pneumonia."), ([1], "specificity"),
     ([0], "sensitivity"), ([0, 1], "Decision curve"), ([0, 1, 2], "Decision curve")],
    ids=["healthy", "ill", "one ill", "one healthy", "two", "three"],
)  # fmt: skip
def test_test_sets_of_one_class_or_few_images_show_no_undefined_number(scored_run, undefined_words, kinds, said, skill):
    runs = [scored_run(skill, seed=i, n_classes=n_classes, kinds=kinds, splits=("test",)) for i, n_classes in enumerate((2, 3, 2))]
    runs[0].append_history({"epoch": 1, "loss": float("nan"), "val_loss": float("inf")})
    runs[2].write_predictions(runs[2].predictions.assign(p_NORMAL=0.5, p_PNEUMONIA=0.5))
    runs[2].write_card({"epochs": 1, "seconds": float("nan"), "params_total": 10, "milliseconds_per_image": None})
    for group in (runs, runs[1:2]):
        text = Page(build_report(group, "half", prevalence=1e-12)).text
        assert not undefined_words(text)
    plain = build_report(runs)
    assert said in Page(plain).text and not undefined_words(plain)


def test_a_run_that_lacks_the_rule_uses_its_own_and_that_is_said(scored_run):
    own, brought = scored_run(seed=1), scored_run(seed=2, splits=("test",))
    brought.write_card({"thresholds": {"half": 0.5}, "recommended": {"rule": "given", "value": 0.4, "means": "given"}})
    text = Page(build_report([own, brought], "youden")).text
    assert (
        f"{names_of([own, brought])[brought.name]} has no threshold 'youden'" in text
        and "its own, 0.400, is used." in text
        and "threshold 0.400" in text
    )


def test_a_little_prevalence_never_reads_as_none(scored_run):
    assert "Where 1e-10 % of the images show pneumonia" in Page(build_report([scored_run()], prevalence=1e-12)).text


def test_no_run_can_be_used(scored_run):
    with pytest.raises(InputError, match="Its data set had no test images; judge the run on others"):
        build_report([scored_run(splits=("val",))])
    with pytest.raises(InputError, match="Name at least one run"):
        build_report([])


def test_most_confident_common_errors_are_listed_first(runs):
    text = build_report(runs)
    table = text[text.index("most confident errors") :]
    first = re.search(r"(test/[A-Z]+/[^<]+\.jpeg)", table).group(1)
    predictions = [run.predictions.query("split == 'test'").set_index("sample_id") for run in runs]
    y_true = predictions[0]["y_true"]
    miss = np.max([np.abs(p["p_PNEUMONIA"] - y_true) for p in predictions], axis=0)
    wrong = np.all([(p["p_PNEUMONIA"] >= run.card.recommended.value) != y_true for p, run in zip(predictions, runs, strict=True)], axis=0)
    assert first == y_true.index[np.argmax(np.where(wrong, miss, 0))]
