"""One run at one operating point: hand-made tables of two and three classes."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn import metrics as oracle

from core.config import Recipe, RunConfig
from core.errors import InputError
from core.metrics.evaluation import evaluate, evaluate_run, wilson
from core.metrics.run_threshold import resolve_threshold
from core.metrics.scored_split import select_split
from core.runs.store import create_run

BINARY = ("NORMAL", "PNEUMONIA")
TERNARY = ("NORMAL", "BACTERIAL", "VIRAL")


def binary_table() -> pd.DataFrame:
    """Four normal and six pneumonia images; at 0.5: one false alarm, two missed (both viral)."""
    normal = [(f"test/NORMAL/IM-000{i}-0001.jpeg", 0, p) for i, p in enumerate((0.1, 0.2, 0.4, 0.7))]
    bacterial = [(f"test/PNEUMONIA/person{i}_bacteria_1.jpeg", 1, p) for i, p in enumerate((0.9, 0.8, 0.5))]
    viral = [(f"test/PNEUMONIA/person9{i}_virus_1.jpeg", 1, p) for i, p in enumerate((0.6, 0.3, 0.2))]
    table = pd.DataFrame(normal + bacterial + viral, columns=["sample_id", "y_true", "p_PNEUMONIA"])
    return table.assign(split="test", p_NORMAL=1 - table["p_PNEUMONIA"])


def ternary_table() -> pd.DataFrame:
    rows = [(0, 0.8, 0.1, 0.1), (0, 0.3, 0.4, 0.3), (1, 0.1, 0.7, 0.2), (1, 0.2, 0.3, 0.5), (1, 0.1, 0.6, 0.3), (2, 0.1, 0.2, 0.7)]
    table = pd.DataFrame(rows, columns=["y_true", "p_NORMAL", "p_BACTERIAL", "p_VIRAL"])
    names = ["NORMAL/IM-1-1", "NORMAL/IM-2-1", *(f"PNEUMONIA/person{i}_bacteria_1" for i in range(3)), "PNEUMONIA/person7_virus_1"]
    return table.assign(sample_id=[f"test/{name}.jpeg" for name in names], split="test")


def wilson_by_hand(successes: int, total: int) -> tuple[float, float]:
    """Wilson 1927, eq. 1, as statsmodels' ``proportion_confint(method="wilson")`` writes it."""
    z, p = norm.ppf(0.975), successes / total
    centre = (p + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * np.sqrt(p * (1 - p) / total + z**2 / (4 * total**2))
    return centre - half, centre + half


@pytest.mark.parametrize(("successes", "total"), [(0, 10), (1, 10), (5, 10), (10, 10), (390, 390), (233, 234), (3, 7)])
def test_wilson(successes, total):
    found = wilson(successes, total)
    assert (found.value, found.n_samples) == (successes / total, total)
    assert (found.low, found.high) == pytest.approx(wilson_by_hand(successes, total), abs=1e-12)


def test_a_published_interval():
    """Newcombe 1998, Table I: 81 of 263 gives 0.2553 to 0.3662."""
    assert (wilson(81, 263).low, wilson(81, 263).high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_nothing_to_count():
    assert np.isnan(wilson(0, 0).value) and wilson(0, 0).n_samples == 0


def test_two_classes_by_hand():
    found = evaluate(binary_table(), BINARY, 0.5)
    assert found.confusion_matrix.tolist() == [[3, 1], [2, 4]] and found.n_samples == 10
    values = {name: estimate.value for name, estimate in found.metrics.items()}
    assert values["accuracy"] == 0.7 and values["sensitivity"] == 4 / 6 and values["specificity"] == 0.75 and values["precision"] == 0.8
    assert values["f1"] == pytest.approx(8 / 11)
    assert {name: (e.value, e.n_samples) for name, e in found.subtype_recall.items()} == {"BACTERIAL": (1.0, 3), "VIRAL": (1 / 3, 3)}
    assert {name: e.n_samples for name, e in found.metrics.items()} == {
        "accuracy": 10, "sensitivity": 6, "specificity": 4, "precision": 5,
        "f1": 10, "roc_auc": 10, "average_precision": 10, "brier": 10, "ece": 10,
    }  # fmt: skip


def test_two_classes_against_scikit_learn():
    table = binary_table()
    y, p = table["y_true"], table["p_PNEUMONIA"]
    values = {name: estimate.value for name, estimate in evaluate(table, BINARY, 0.35).metrics.items()}
    called = (p >= 0.35).astype(int)
    expected = {
        "accuracy": oracle.accuracy_score(y, called), "sensitivity": oracle.recall_score(y, called),
        "specificity": oracle.recall_score(y, called, pos_label=0), "precision": oracle.precision_score(y, called),
        "f1": oracle.f1_score(y, called), "roc_auc": oracle.roc_auc_score(y, p),
        "average_precision": oracle.average_precision_score(y, p), "brier": oracle.brier_score_loss(y, p),
    }  # fmt: skip
    assert {name: values[name] for name in expected} == pytest.approx(expected)


def test_a_score_at_the_threshold_is_positive():
    assert evaluate(binary_table(), BINARY, 0.7).confusion_matrix.tolist() == [[3, 1], [4, 2]]


def test_three_classes_by_hand():
    found = evaluate(ternary_table(), TERNARY, None)
    assert found.confusion_matrix.tolist() == [[1, 1, 0], [0, 2, 1], [0, 0, 1]] and found.threshold is None
    values = {name: estimate.value for name, estimate in found.metrics.items()}
    assert list(values) == ["accuracy", "recall_NORMAL", "recall_BACTERIAL", "recall_VIRAL", "macro_f1", "roc_auc"]
    assert values["accuracy"] == 4 / 6 and values["recall_NORMAL"] == 0.5 and values["recall_BACTERIAL"] == 2 / 3
    assert values["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 2 / 3) / 3)
    scores = ternary_table()[[f"p_{name}" for name in TERNARY]]
    assert values["roc_auc"] == pytest.approx(oracle.roc_auc_score(ternary_table()["y_true"], scores, multi_class="ovr"))
    assert found.subtype_recall["BACTERIAL"].value == 1.0  # called viral is still called pneumonia


def test_every_interval_holds_its_value():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 150)
    p = np.clip(0.4 * y + 0.6 * rng.random(150), 0, 1)
    ids = [f"test/PNEUMONIA/person{i // 3}_virus_{i}.jpeg" for i in range(150)]
    table = pd.DataFrame({"sample_id": ids, "y_true": y, "p_NORMAL": 1 - p, "p_PNEUMONIA": p})
    for name, estimate in evaluate(table, BINARY, 0.5).metrics.items():
        assert estimate.low <= estimate.value <= estimate.high, name
        assert 0 < estimate.high - estimate.low < 0.35, name
    assert evaluate(table, BINARY, 0.5).to_json() == evaluate(table, BINARY, 0.5).to_json()


@pytest.mark.parametrize("label", [0, 1])
def test_a_split_of_one_class_has_what_can_be_known(label):
    table = binary_table()
    found = evaluate(table[table["y_true"] == label], BINARY, 0.5)
    absent, present = ("sensitivity", "specificity") if label == 0 else ("specificity", "sensitivity")
    assert np.isnan(found.metrics[absent].value) and np.isnan(found.metrics["roc_auc"].value) and np.isnan(found.metrics["roc_auc"].low)
    assert 0 < found.metrics[present].value < 1


def test_names_that_tell_nothing_have_no_subtypes():
    table = binary_table().assign(sample_id=[f"x{i}" for i in range(10)])
    assert evaluate(table, BINARY).subtype_recall == {}


def test_json_is_plain():
    content = json.loads(json.dumps(evaluate(ternary_table(), TERNARY, None).to_json()))
    assert content["confusion_matrix"] == [[1, 1, 0], [0, 2, 1], [0, 0, 1]] and content["n"] == 6 and content["threshold"] is None
    assert set(content["metrics"]["accuracy"]) == {"value", "low", "high", "n_samples"}


def make_run(folder, class_names=BINARY, card=None, table=None):
    config = RunConfig(system="cnn1", n_classes=len(class_names), class_names=class_names, image_size=64, recipe=Recipe())
    run = create_run(config, folder, folder)
    if card is not None:
        run.write_card(card)
    run.write_predictions(binary_table() if table is None else table)
    return run


CARD = {"thresholds": {"half": 0.5, "youden": 0.3, "sensitivity_95": 0.1}, "recommended": {"rule": "youden", "value": 0.3}}


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [("recommended", 0.3), ("half", 0.5), ("youden", 0.3), ("sensitivity_95", 0.1), ("0.25", 0.25), (0.75, 0.75), (0, 0.0), ("1", 1.0)],
)
def test_thresholds_by_name_and_number(tmp_path, threshold, expected):
    run = make_run(tmp_path, card=CARD)
    assert resolve_threshold(run, threshold) == expected
    assert evaluate_run(run, "test", threshold).threshold == expected


@pytest.mark.parametrize("threshold", ["best", "", "nan", "-0.1", "1.01", "inf", float("nan"), 2])
def test_bad_thresholds(tmp_path, threshold):
    with pytest.raises(InputError, match="recommended, half, youden, sensitivity_95, battery or a number from 0 to 1; received"):
        resolve_threshold(make_run(tmp_path, card=CARD), threshold)


@pytest.mark.parametrize(
    "card", [{"epochs": 3}, {"thresholds": None, "recommended": None}, {"thresholds": {"youden": "x"}, "recommended": {}}]
)
@pytest.mark.parametrize("threshold", ["recommended", "youden"])
def test_a_card_without_thresholds_is_said(tmp_path, card, threshold):
    with pytest.raises(InputError, match=rf"has no threshold '{threshold}'|has a broken card\.json"):
        resolve_threshold(make_run(tmp_path, card=card), threshold)


def test_a_run_without_a_card_has_half_for_its_own(tmp_path):
    run = make_run(tmp_path)
    assert resolve_threshold(run, "recommended") == 0.5
    with pytest.raises(InputError, match="no threshold 'youden'"):
        resolve_threshold(run, "youden")


def test_more_than_two_classes_have_no_threshold(tmp_path):
    run = make_run(tmp_path, TERNARY, table=ternary_table())
    assert resolve_threshold(run, "recommended") is None
    assert evaluate_run(run).threshold is None


def test_a_split_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no predictions for the split 'val'; it has test"):
        evaluate_run(make_run(tmp_path), "val")
    assert list(select_split(binary_table().iloc[3:], "test", "x").index) == list(range(7))
