"""DeLong's covariance against its definition, pair by pair, and against the bootstrap."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from core.metrics.statistics.delong import delong, normal_p, placements


def scored(seed: int, n: int = 60, n_runs: int = 3, digits: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Labels and scores of several runs, with many ties."""
    rng = np.random.default_rng(seed)
    y_true = np.r_[0, 0, 1, 1, rng.integers(0, 2, n - 4)]
    return y_true, np.round(0.3 * y_true + 0.7 * rng.random((n_runs, n)), digits)


def by_definition(y_true: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """DeLong et al. 1988, equations 3 to 6, with the kernel of every case against every control."""
    cases, controls = scores[:, y_true == 1], scores[:, y_true == 0]
    kernel = (cases[:, :, None] > controls[:, None, :]) + 0.5 * (cases[:, :, None] == controls[:, None, :])
    areas, m, n = kernel.mean(axis=(1, 2)), cases.shape[1], controls.shape[1]
    v10, v01 = kernel.mean(axis=2) - areas[:, None], kernel.mean(axis=1) - areas[:, None]
    return areas, v10 @ v10.T / (m - 1) / m + v01 @ v01.T / (n - 1) / n


@pytest.mark.parametrize("seed", range(6))
def test_the_fast_way_equals_the_definition(seed):
    y_true, scores = scored(seed, digits=seed % 3 + 1)
    areas, covariance = delong(y_true, scores)
    expected_areas, expected = by_definition(y_true, scores)
    assert areas == pytest.approx(expected_areas) and covariance == pytest.approx(expected)
    assert areas == pytest.approx([roc_auc_score(y_true, score) for score in scores])


def test_placements_by_hand():
    """Cases 0.8 and 0.3 against controls 0.3 and 0.1: 0.8 beats both; 0.3 ties one and beats one."""
    found = placements(np.array([1, 0, 1, 0]), np.array([0.8, 0.3, 0.3, 0.1]))
    assert found.tolist() == [1.0, 0.75, 0.75, 1.0]


def test_the_test_of_two_areas_is_the_z_test():
    y_true, scores = scored(1, 200, 2, 3)
    areas, covariance = delong(y_true, scores)
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    p_value = normal_p(areas[1] - areas[0], np.sqrt(variance))
    assert p_value == pytest.approx(2 * (1 - norm.cdf(abs(areas[1] - areas[0]) / np.sqrt(variance))))


def test_equal_scores_do_not_differ():
    y_true, scores = scored(0, n_runs=1)
    areas, covariance = delong(y_true, np.repeat(scores, 2, axis=0))
    difference = np.array([-1, 1]) @ covariance @ np.array([-1, 1])
    assert normal_p(areas[1] - areas[0], np.sqrt(abs(difference))) == 1


def test_too_few_images_leave_it_undefined():
    areas, covariance = delong(np.array([0, 0, 1]), np.array([[0.1, 0.2, 0.3]]))
    assert np.isnan(areas).all() and np.isnan(covariance).all()
    assert np.isnan(normal_p(float("nan"), float("nan")))


def test_under_no_difference_p_values_are_even():
    rng, small = np.random.default_rng(0), 0
    for _ in range(300):
        y_true = rng.integers(0, 2, 80)
        scores = 0.5 * y_true + rng.random((2, 80))
        areas, covariance = delong(y_true, scores)
        small += normal_p(areas[1] - areas[0], np.sqrt(np.array([-1, 1]) @ covariance @ np.array([-1, 1]))) < 0.05
    assert 5 <= small <= 27  # 15 expected
