from __future__ import annotations

import numpy as np
import pytest

from core.groups.bins import bin_names, in_bins, number_text, quantile_edges

NORMAL = np.random.default_rng(0).normal(120, 10, 1000)


@pytest.mark.parametrize(
    ("values", "k", "names"),
    [
        (np.arange(1, 101), 4, ("up to 25", "26 to 50", "51 to 75", "76 and more")),
        (np.r_[[1] * 50, [2] * 30, [3] * 5, [9] * 25], 5, ("1", "2", "3 and more")),
        (np.r_[[0.0] * 50, [0.25] * 25, [0.5] * 25], 4, ("0", "over 0 to 0.25", "over 0.25")),
        (np.r_[[0] * 60, [1] * 40], 5, ("0", "1")),
        (np.full(9, 7.5), 5, ("7.5",)),
    ],
)
def test_bins_have_names_that_say_what_is_in_them(values, k, names):
    values = values.astype(float)
    edges = quantile_edges(values, k)
    whole = bool((values == values.round()).all())
    assert bin_names(edges, values.min(), values.max(), whole) == names
    assert set(in_bins(values, edges)) == set(range(len(names)))


def test_edges_are_short_and_bins_about_even():
    edges = quantile_edges(NORMAL, 5)
    assert all(len(number_text(edge)) <= 5 for edge in edges)
    assert (np.abs(np.bincount(in_bins(NORMAL, edges)) - 200) < 45).all()


@pytest.mark.parametrize("scale", [1e-7, 1e-3, 1e6])
def test_any_scale(scale):
    edges = quantile_edges(NORMAL * scale, 5)
    assert len(edges) == 4 and (np.abs(np.bincount(in_bins(NORMAL * scale, edges)) - 200) < 45).all()


def test_a_missing_value_is_in_no_bin_and_an_edge_belongs_below():
    assert in_bins(np.array([1.0, 2.0, 2.1, np.nan]), np.array([2.0])).tolist() == [0, 0, 1, -1]
    assert len(quantile_edges(np.array([np.nan, np.nan]), 5)) == 0


def test_numbers_as_they_are_read():
    assert [number_text(value) for value in (1998.0, 0.25, -3.0, 1e-9 * 0)] == ["1998", "0.25", "−3", "0"]
