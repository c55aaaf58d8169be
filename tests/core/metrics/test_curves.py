"""Curve points against hand-made scores and scikit-learn's areas."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import auc, average_precision_score, det_curve, roc_auc_score

from core.metrics.curves import (
    calibration_points,
    det_points,
    precision_recall_points,
    rates_by_threshold,
    roc_points,
    score_histogram,
    thinned,
)

Y_TRUE = np.array([0, 0, 0, 1, 1, 1])
Y_SCORE = np.array([0.1, 0.4, 0.6, 0.35, 0.8, 0.9])


def random_scores(seed):
    rng = np.random.default_rng(seed)
    y_true = rng.integers(0, 2, 300)
    return y_true, np.clip(rng.normal(0.4 + 0.2 * y_true, 0.2), 0, 1).round(2)


@pytest.fixture
def many():
    return random_scores(5)


def test_roc_ends_in_both_corners_and_has_the_area_of_scikit_learn(many):
    points = roc_points(*many)
    assert points.iloc[0][["fpr", "tpr"]].tolist() == [0, 0]
    assert points.iloc[-1][["fpr", "tpr"]].tolist() == [1, 1]
    assert auc(points["fpr"], points["tpr"]) == pytest.approx(roc_auc_score(*many))


def test_precision_recall_steps_have_the_average_precision(many):
    points = precision_recall_points(*many)
    gain = np.diff(points["recall"], prepend=0)
    assert (gain >= 0).all()
    assert (gain * points["precision"]).sum() == pytest.approx(average_precision_score(*many))


def test_precision_recall_leaves_out_the_invented_first_point():
    points = precision_recall_points(Y_TRUE, Y_SCORE)
    assert points["recall"].min() > 0
    assert points["threshold"].iloc[0] == 0.9


def test_one_class_alone_has_no_curve():
    assert roc_points(np.ones(3, int), np.array([0.1, 0.2, 0.3])).empty
    assert precision_recall_points(np.zeros(3, int), np.array([0.1, 0.2, 0.3])).empty


def test_calibration_counts_by_hand():
    y_true = np.array([0, 1, 1, 1])
    points = calibration_points(y_true, np.array([0.11, 0.19, 0.95, 1.0]))
    assert points["n_samples"].tolist() == [2, 2]
    assert points["predicted"].tolist() == pytest.approx([0.15, 0.975])
    assert points["observed"].tolist() == [0.5, 1.0]
    assert points["low"][1] == pytest.approx(0.3424, abs=1e-4)  # Wilson's lower bound of 2 of 2


@pytest.mark.parametrize(
    ("threshold", "sensitivity", "specificity"),
    [(0.0, 1, 0), (0.25, 1, 0.5), (0.5, 0.5, 0.5), (0.625, 0.5, 1), (1.0, 0, 1)],
)
def test_rates_call_a_score_at_the_threshold_positive(threshold, sensitivity, specificity):
    points = rates_by_threshold(np.array([0, 0, 1, 1]), np.array([0.125, 0.5, 0.25, 0.75]), n_steps=9)
    row = points.set_index("threshold").loc[threshold]
    assert (row["sensitivity"], row["specificity"]) == (sensitivity, specificity)


def test_rates_of_a_missing_class_are_not_numbers():
    assert rates_by_threshold(np.ones(2, int), np.array([0.2, 0.4]))["specificity"].isna().all()


@pytest.mark.parametrize("seed", range(3))
def test_det_points_are_the_error_rates_of_scikit_learn(seed):
    y_true, y_score = random_scores(seed)
    points = det_points(y_true, y_score)
    fpr, fnr, threshold = det_curve(y_true, y_score)
    inside = (fpr > 0) & (fpr < 1) & (fnr > 0) & (fnr < 1)
    assert points[["fpr", "fnr", "threshold"]].to_numpy() == pytest.approx(np.stack([fpr, fnr, threshold], axis=1)[inside])
    assert norm.cdf(points["x"]) == pytest.approx(points["fpr"]) and norm.cdf(points["y"]) == pytest.approx(points["fnr"])


def test_det_of_two_normal_distributions_is_a_straight_line():
    rng = np.random.default_rng(0)
    y_true = np.repeat([0, 1], 20_000)
    points = det_points(y_true, rng.normal(0, 1, 40_000) + 2 * y_true)
    middle = points[points["x"].between(-2, 1)]
    slope, intercept = np.polyfit(middle["x"], middle["y"], 1)
    assert slope == pytest.approx(-1, abs=0.03) and intercept == pytest.approx(-2, abs=0.05)


def test_one_class_or_perfect_scores_have_no_det():
    assert det_points(np.zeros(3, int), np.linspace(0, 1, 3)).empty
    assert det_points(np.array([0, 1]), np.array([0.1, 0.9])).empty


def test_score_histogram_by_hand():
    found = score_histogram(np.array([0, 0, 1, 1, 1]), np.array([0.1, 0.6, 0.6, 1.0, 0.4]), ("NORMAL", "PNEUMONIA"), n_bins=2)
    assert found.to_dict("list") == {
        "class_name": ["NORMAL", "NORMAL", "PNEUMONIA", "PNEUMONIA"], "left": [0, 0.5, 0, 0.5], "right": [0.5, 1, 0.5, 1],
        "count": [1, 1, 1, 2], "share": pytest.approx([0.5, 0.5, 1 / 3, 2 / 3]),
    }  # fmt: skip
    absent = score_histogram(np.zeros(2, int), np.array([0.1, 0.2]), ("NORMAL", "PNEUMONIA"), n_bins=2)
    assert absent["count"].tolist() == [2, 0, 0, 0] and absent["share"].isna().tolist() == [False, False, True, True]


def test_long_curves_are_thinned_without_changing_their_shape():
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 2, 100_000)
    y_score = y_true + rng.normal(0, 1, 100_000)
    for points, x in ((roc_points(y_true, y_score), "fpr"), (precision_recall_points(y_true, y_score), "recall")):
        assert 500 < len(points) <= 1000 and points[x].is_monotonic_increasing
        assert points[x].iloc[-1] == 1
    points = roc_points(y_true, y_score)
    assert np.trapezoid(points["tpr"], points["fpr"]) == pytest.approx(roc_auc_score(y_true, y_score), abs=1e-4)
    assert points[["fpr", "tpr"]].iloc[0].tolist() == [0, 0]


def test_short_curves_are_whole():
    points = pd.DataFrame({"x": np.arange(10.0), "y": 0.0})
    assert thinned(points, "x", "y", 10) is points and len(thinned(points, "x", "y", 5)) <= 5


def test_rates_at_given_thresholds():
    y_true, y_score = random_scores(0)
    found = rates_by_threshold(y_true, y_score, thresholds=np.array([0.25, 0.7]))
    assert found["threshold"].tolist() == [0.25, 0.7]
    assert found["sensitivity"].tolist() == pytest.approx([(y_score[y_true == 1] >= cut).mean() for cut in (0.25, 0.7)])
