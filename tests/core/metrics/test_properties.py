"""What holds of the metrics whatever the labels and scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.metrics.evaluation import binary_counts, confusion_matrix
from core.metrics.run_threshold import predict_labels
from core.metrics.statistics import weighted
from core.metrics.thresholds import choose_thresholds, threshold_for_sensitivity, youden


@st.composite
def scored(draw):
    """Labels of both classes, and scores in hundredths, so that many are tied."""
    n = draw(st.integers(2, 40))
    y_true = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n).filter(lambda y: 0 < sum(y) < len(y)))
    score = draw(st.lists(st.integers(0, 100), min_size=n, max_size=n))
    return np.array(y_true), np.array(score) / 100


def auc(y_true, y_score) -> float:
    return float(weighted.roc_auc(y_true, y_score)(np.ones((1, len(y_true))))[0])


def rates(y_true, y_score, cut) -> tuple[float, float]:
    """Sensitivity and specificity."""
    called = y_score >= cut
    return called[y_true == 1].mean(), 1 - called[y_true == 0].mean()


def every_cut(y_score) -> np.ndarray:
    return np.r_[0.0, np.unique(y_score), 1.1]


@given(scored())
def test_the_area_is_the_share_of_pairs_in_the_right_order(sample):
    y_true, y_score = sample
    pairs = y_score[y_true == 1][:, None] - y_score[y_true == 0][None, :]
    assert auc(y_true, y_score) == pytest.approx((pairs > 0).mean() + 0.5 * (pairs == 0).mean())


@given(scored())
def test_turned_scores_have_the_rest_of_the_area(sample):
    y_true, y_score = sample
    assert auc(y_true, 1 - y_score) == pytest.approx(1 - auc(y_true, y_score))
    assert auc(1 - y_true, y_score) == pytest.approx(1 - auc(y_true, y_score))


@given(scored())
def test_the_area_knows_the_order_alone(sample):
    y_true, y_score = sample
    assert auc(y_true, y_score**3 / 2) == pytest.approx(auc(y_true, y_score))


@given(scored(), st.integers(1, 3))
def test_an_image_that_counts_twice_is_as_good_as_two(sample, times):
    y_true, y_score = sample
    weights = np.where(np.arange(len(y_true)) % 2, times, 1)
    for metric in (weighted.roc_auc, weighted.average_precision, weighted.brier, weighted.ece):
        repeated = metric(np.repeat(y_true, weights), np.repeat(y_score, weights))(np.ones((1, weights.sum())))
        assert metric(y_true, y_score)(weights[None, :].astype(float)) == pytest.approx(repeated)


@given(scored(), st.floats(0, 1))
def test_every_image_is_counted_once(sample, threshold):
    y_true, y_score = sample
    y_pred = predict_labels(np.column_stack([1 - y_score, y_score]), threshold)
    matrix = confusion_matrix(y_true, y_pred, 2)
    assert matrix.sum(axis=1).tolist() == np.bincount(y_true, minlength=2).tolist()
    assert matrix.sum(axis=0).tolist() == np.bincount(y_pred, minlength=2).tolist()
    assert np.trace(matrix) == (y_true == y_pred).sum()
    assert all(0 <= hits <= n <= len(y_true) for hits, n in binary_counts(matrix).values())


@given(scored(), st.floats(0, 1), st.floats(0, 1))
def test_a_lower_threshold_finds_no_fewer(sample, one, other):
    y_true, y_score = sample
    low, high = sorted((one, other))
    (most, fewest), (least, specific) = rates(y_true, y_score, low), rates(y_true, y_score, high)
    assert most >= least and fewest <= specific


@given(scored())
def test_youden_reaches_the_best_of_all_cuts(sample):
    y_true, y_score = sample
    best = max(sum(rates(y_true, y_score, cut)) for cut in every_cut(y_score))
    assert sum(rates(y_true, y_score, youden(y_true, y_score))) == pytest.approx(best)


@given(scored(), st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_a_matched_sensitivity_is_reached_at_the_best_specificity(sample, wanted):
    y_true, y_score = sample
    sensitivity, specificity = rates(y_true, y_score, threshold_for_sensitivity(y_true, y_score, wanted))
    reached = [rates(y_true, y_score, cut) for cut in every_cut(y_score)]
    assert sensitivity >= wanted and specificity == pytest.approx(max(s for found, s in reached if found >= wanted))


@given(scored())
def test_no_rule_leaves_the_unit_interval(sample):
    assert all(0 <= value <= 1 for value in choose_thresholds(*sample).values())
