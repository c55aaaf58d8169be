"""Pointing game, overlap and energy on maps small enough to count."""

import numpy as np
import pytest

from core.saliency.localisation import energy_inside, overlap, pointing_game

TRUTH = np.zeros((6, 6), bool)
TRUTH[1:3, 1:3] = True


def test_strongest_pixel_decides():
    heatmap = np.full((6, 6), 0.5)
    heatmap[2, 2] = 1
    assert pointing_game(heatmap, TRUTH)
    heatmap[4, 4] = 2
    assert not pointing_game(heatmap, TRUTH)
    assert not pointing_game(heatmap, TRUTH, tolerance=1)
    assert pointing_game(heatmap, TRUTH, tolerance=2)


def test_middle_of_a_plateau_counts():
    heatmap = np.zeros((6, 6))
    heatmap[0:4, 0:4] = 1  # its corner is outside, its middle inside
    assert not TRUTH[0, 0]
    assert pointing_game(heatmap, TRUTH)


@pytest.mark.parametrize(
    ("strong", "expected"),
    [
        ([(1, 1), (1, 2), (2, 1), (2, 2)], 1.0),
        ([(1, 1), (1, 2), (5, 4), (5, 5)], 2 / 6),
        ([(5, 2), (5, 3), (5, 4), (5, 5)], 0.0),
    ],
)
def test_overlap_counts_as_many_pixels_as_the_truth_has(strong, expected):
    heatmap = np.zeros((6, 6))
    for position in strong:
        heatmap[position] = 1
    assert overlap(heatmap, TRUTH) == pytest.approx(expected)


def test_no_truth_and_no_map_score_nothing():
    assert overlap(np.ones((6, 6)), np.zeros((6, 6), bool)) == 0.0
    assert energy_inside(np.zeros((6, 6)), TRUTH) == 0.0


def test_energy_is_the_share_of_the_total():
    heatmap = np.ones((6, 6))
    assert energy_inside(heatmap, TRUTH) == pytest.approx(4 / 36)
    heatmap[TRUTH] = 8
    assert energy_inside(heatmap, TRUTH) == pytest.approx(32 / 64)
