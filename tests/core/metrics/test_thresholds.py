"""Operating points on validation scores, by hand and against every possible cut."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.metrics.thresholds import NAMED, RULES, choose_thresholds, recommendation


def rates(y_true, y_score, threshold) -> tuple[float, float]:
    """Sensitivity and specificity."""
    called = y_score >= threshold
    return called[y_true == 1].mean(), 1 - called[y_true == 0].mean()


def every_cut(y_score) -> np.ndarray:
    return np.r_[0.0, np.unique(y_score), 1.1]


def test_by_hand():
    y_true = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    y_score = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    found = choose_thresholds(y_true, y_score)
    assert found["half"] == 0.5
    assert found["youden"] == pytest.approx(0.55)  # sensitivity 3/4, specificity 1; the cut at 0.4 has 1 and 3/4: the higher wins
    assert found["sensitivity_95"] == pytest.approx(0.35)  # between 0.3 and 0.4: all four found


@pytest.mark.parametrize("decimals", [1, 2, 9])
@pytest.mark.parametrize("seed", range(10))
def test_no_cut_is_better(seed, decimals):
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, 120)
    y_score = np.clip(0.3 * y_true + 0.7 * rng.random(120), 0, 1).round(decimals)
    found = choose_thresholds(y_true, y_score)
    all_rates = np.array([rates(y_true, y_score, cut) for cut in every_cut(y_score)])
    assert sum(rates(y_true, y_score, found["youden"])) == pytest.approx(all_rates.sum(axis=1).max())
    sensitivity, specificity = rates(y_true, y_score, found["sensitivity_95"])
    assert sensitivity >= 0.95
    assert specificity == pytest.approx(all_rates[all_rates[:, 0] >= 0.95][:, 1].max())
    assert all(0 <= value <= 1 for value in found.values())


def test_exactly_95_of_100_is_enough():
    y_true = np.r_[np.ones(20), np.zeros(10)].astype(int)
    y_score = np.r_[0.01, np.full(19, 0.9), np.full(10, 0.5)]
    assert rates(y_true, y_score, choose_thresholds(y_true, y_score)["sensitivity_95"]) == (0.95, 1.0)


def test_calling_nobody_is_no_choice_where_a_score_is_1():
    y_true, y_score = np.array([0, 1, 0]), np.array([0.0, 0.0, 1.0])
    assert rates(y_true, y_score, choose_thresholds(y_true, y_score)["youden"]) == (1.0, 0.0)  # as good, and a threshold from 0 to 1


def test_ties_across_classes_are_called_together():
    y_true, y_score = np.array([1, 0, 1, 0]), np.array([0.6, 0.6, 0.6, 0.1])
    assert rates(y_true, y_score, choose_thresholds(y_true, y_score)["sensitivity_95"]) == (1.0, 0.5)


def test_all_scores_equal():
    y_true, y_score = np.array([0, 1, 1]), np.full(3, 0.7)
    assert rates(y_true, y_score, choose_thresholds(y_true, y_score)["sensitivity_95"])[0] == 1.0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_saturated_scores_keep_their_decisions(dtype):
    """Scores a rounding error apart: the threshold between them must separate them in float64, too."""
    top = np.nextafter(dtype(1), dtype(0), dtype=dtype)
    y_true = np.array([0, 0, 1, 1])
    y_score = np.array([0.0, top, 1.0, 1.0], dtype=dtype)
    threshold = choose_thresholds(y_true, y_score)["youden"]
    assert rates(y_true, y_score.astype(np.float64), threshold) == (1.0, 1.0)


def test_tiny_scores_keep_their_decisions():
    y_true, y_score = np.array([0, 0, 1, 1]), np.array([0.0, 1e-12, 3e-12, 1e-9])
    assert rates(y_true, y_score, choose_thresholds(y_true, y_score)["youden"]) == (1.0, 1.0)


def test_a_model_worse_than_chance_still_gets_a_threshold_in_range():
    y_true, y_score = np.array([1, 1, 0, 0]), np.array([0.1, 0.2, 0.8, 0.9])
    found = choose_thresholds(y_true, y_score)
    assert 0 <= found["youden"] <= 1 and rates(y_true, y_score, found["sensitivity_95"]) == (1.0, 0.0)


@pytest.mark.parametrize("y_true", [[0, 0], [1, 1], []])
def test_one_class(y_true):
    with pytest.raises(InputError, match="both classes"):
        choose_thresholds(np.array(y_true), np.linspace(0, 1, len(y_true)))


def test_there_is_a_threshold_for_every_rule():
    found = choose_thresholds(np.array([0, 1]), np.array([0.2, 0.8]))
    assert {*found, "battery"} == set(RULES)
    assert recommendation(found) == {"rule": "half", "value": 0.5, "means": NAMED["half"].means}
