"""Holm's method against statsmodels, and intervals at its steps."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from core.metrics.statistics.holm import adjusted, interval, steps


@pytest.mark.parametrize("seed", range(8))
def test_holm_is_that_of_statsmodels(seed):
    p_values = np.random.default_rng(seed).random(seed + 1) ** 3
    p_values[:2] = p_values[0]  # ties
    assert adjusted(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_by_hand_and_without_what_is_undefined():
    assert adjusted([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    found = adjusted([0.01, float("nan"), 0.5])
    assert found[[0, 2]] == pytest.approx([0.02, 0.5]) and np.isnan(found[1])
    assert adjusted([0.2]) == pytest.approx([0.2])


def test_factors_fall_until_the_method_stops():
    assert steps([0.2, 0.001, 0.02, 0.3]).tolist() == [3, 4, 3, 3], "0.02 · 3 is not below 0.05, so those after it keep its factor"
    assert steps([0.001, 0.002, 0.003]).tolist() == [3, 2, 1]
    found = steps([0.01, float("nan"), 0.5])
    assert found[[0, 2]].tolist() == [2, 1] and np.isnan(found[1])


@pytest.mark.parametrize("seed", range(20))
def test_an_interval_at_its_step_says_what_the_corrected_p_says(seed):
    from scipy.stats import norm

    z_values = np.random.default_rng(seed).normal(0, 2.5, 10)
    p_values = 2 * norm.sf(abs(z_values))
    for z, p, factor in zip(z_values, adjusted(p_values), steps(p_values), strict=True):
        low, high = interval(z / 100, 0.01, factor)
        assert (low > 0 or high < 0) == (p < 0.05)


def test_an_interval_stays_within_what_a_difference_can_be():
    assert interval(0.9, 0.2) == (pytest.approx(0.9 - 1.959964 * 0.2), 1.0)
