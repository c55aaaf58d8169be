"""Curve points against hand-made scores and scikit-learn's areas."""

import numpy as np
import pytest
from sklearn.metrics import auc, average_precision_score, roc_auc_score

from core.metrics.curves import calibration_points, precision_recall_points, rates_by_threshold, roc_points

Y_TRUE = np.array([0, 0, 0, 1, 1, 1])
Y_SCORE = np.array([0.1, 0.4, 0.6, 0.35, 0.8, 0.9])


@pytest.fixture
def many():
    rng = np.random.default_rng(5)
    y_true = rng.integers(0, 2, 300)
    return y_true, np.clip(rng.normal(0.4 + 0.2 * y_true, 0.2), 0, 1).round(2)


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
