"""Bias-corrected Cramér's V against SciPy and by hand, and its interval over patients."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from core.groups.statistics.tie import cramers_v, phi_squared, tie


def written_out(counts: np.ndarray) -> float:
    """Bergsma 2013, eq. 4 to 6, from SciPy's χ²."""
    n, (r, c) = counts.sum(), counts.shape
    phi = max(chi2_contingency(counts, correction=False).statistic / n - (r - 1) * (c - 1) / (n - 1), 0)
    sides = (r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1))
    return float(np.sqrt(phi / (min(sides) - 1)))


@pytest.mark.parametrize("shape", [(2, 2), (6, 2), (4, 3), (20, 5)])
def test_it_is_what_scipy_and_the_paper_give(shape):
    counts = np.random.default_rng(1).integers(1, 60, shape)
    assert float(cramers_v(counts)) == pytest.approx(written_out(counts), abs=1e-12)
    assert float(phi_squared(counts)) == pytest.approx(association(counts) ** 2 * (min(shape) - 1), abs=1e-12)


def test_by_hand():
    """χ² = 100 · (0.36) = 36 for 40, 10; 10, 40: φ² = 0.36, less 1/99; sides 2 − 1/99."""
    assert float(cramers_v(np.array([[40, 10], [10, 40]]))) == pytest.approx(np.sqrt((0.36 - 1 / 99) / (1 - 1 / 99)))


def test_chance_alone_is_corrected_away():
    rng = np.random.default_rng(0)
    tables = np.stack([np.histogram2d(rng.integers(0, 20, 100), rng.integers(0, 2, 100), (20, 2))[0] for _ in range(200)])
    plain = np.array([association(table[table.sum(axis=1) > 0].astype(int)) for table in tables])
    assert plain.mean() > 0.4 and cramers_v(tables).mean() < 0.12


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([[50, 0], [0, 50]], 1.0),
        ([[50, 0, 0], [0, 50, 0]], 1.0),  # an empty class counts for nothing
        ([[25, 25], [25, 25]], 0.0),
        ([[10, 20]], np.nan),
        ([[10], [20]], np.nan),
        ([[0, 0], [0, 0]], np.nan),
        ([[1, 0], [0, 0]], np.nan),
    ],
)
def test_ends_and_what_is_undefined(counts, expected):
    assert float(cramers_v(np.array(counts))) == pytest.approx(expected, nan_ok=True)


def test_the_interval_holds_no_tie_where_there_is_none_and_the_value_where_there_is():
    rng = np.random.default_rng(0)
    groups, patients = rng.integers(0, 6, 300), np.arange(300)
    none = tie(groups, rng.integers(0, 2, 300), patients, (6, 2))
    assert none.low == 0 and none.high < 0.3 and none.n_samples == 300
    tied = tie(groups, (groups < 3) ^ (rng.random(300) < 0.1), patients, (6, 2))
    assert 0.7 < tied.low < tied.value < tied.high < 0.92


def test_patients_are_drawn_whole():
    """Four copies of each image tell no more than one: the interval stays as wide."""
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 3, 200)
    y = (groups == 0) ^ (rng.random(200) < 0.3)
    once = tie(groups, y.astype(int), np.arange(200), (3, 2))
    copies = tie(np.repeat(groups, 4), np.repeat(y.astype(int), 4), np.repeat(np.arange(200), 4), (3, 2))
    assert copies.high - copies.low > 0.9 * (once.high - once.low)
    assert tie(groups, y.astype(int), np.arange(200), (3, 2)) == once


def test_too_few_patients_have_no_interval():
    y = np.repeat([0, 0, 1, 1], 3)
    found = tie(y, y, np.repeat(np.arange(4), 3), (2, 2))
    assert found.value == pytest.approx(1) and np.isnan([found.low, found.high]).all()


def test_of_fewer_than_ten_images_nothing_is_said():
    """Of four films of each class, brightness alone once gave V = 1.000 (1.000–1.000)."""
    y = np.repeat([0, 1], 4)
    few = tie(y, y, np.arange(8), (2, 2))
    assert np.isnan([few.value, few.low, few.high]).all() and few.n_samples == 8
    y = np.repeat([0, 1], 5)
    assert tie(y, y, np.arange(10), (2, 2)).value == pytest.approx(1)
