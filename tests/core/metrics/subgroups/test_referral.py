"""Referral curve by hand."""

import numpy as np
import pytest

from core.metrics.subgroups.referral import confidence, referral_curve


def test_the_least_sure_films_go_first_and_rates_are_of_those_kept():
    p = np.array([0.1, 0.45, 0.55, 0.9, 0.05])
    y_true = np.array([0, 1, 0, 1, 1])
    curve = referral_curve(y_true, np.stack([1 - p, p], axis=1), 0.5, n_steps=6)
    assert curve["n_kept"].tolist() == [5, 4, 3, 2, 1, 0]
    assert curve["accuracy"].tolist()[:5] == pytest.approx([2 / 5, 2 / 4, 2 / 3, 1 / 2, 0])
    assert curve["sensitivity"].tolist()[:3] == pytest.approx([1 / 3, 1 / 2, 1 / 2]) and np.isnan(curve["accuracy"].iloc[5])
    strangest = referral_curve(y_true, np.stack([1 - p, p], axis=1), 0.5, order=-np.array([0, 0, 9, 0, 0]), n_steps=6)
    assert strangest["specificity_n"].tolist()[:2] == [2, 1]


def test_confidence_is_the_distance_in_log_odds_and_of_more_classes_the_gap_of_the_two_largest():
    assert confidence(np.array([[0.2, 0.8]]), 0.5) == pytest.approx(np.log(4))
    assert confidence(np.array([[0.2, 0.7, 0.1]]), None) == pytest.approx(0.5)
