from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cityblock

from core.groups.mix import mix_shift


def test_it_is_half_the_distance_of_the_shares():
    rng = np.random.default_rng(0)
    groups, in_test = rng.integers(0, 5, 400), np.arange(400) >= 300
    groups[in_test & (rng.random(400) < 0.5)] = 0
    shares = [np.bincount(groups[part], minlength=5) / part.sum() for part in (~in_test, in_test)]
    found = mix_shift(groups, in_test, np.arange(400), 5)
    assert found.value == pytest.approx(cityblock(*shares) / 2)
    assert 0.2 < found.low < found.value < found.high


def test_the_same_mix_and_another():
    groups = np.tile([0, 1], 100)
    in_test = np.arange(200) >= 100
    assert mix_shift(groups, in_test, np.arange(200), 2).value == 0
    assert mix_shift(in_test.astype(int), in_test, np.arange(200), 2).value == 1


def test_chance_alone_is_not_taken_for_a_shift():
    rng = np.random.default_rng(0)
    assert mix_shift(rng.integers(0, 8, 300), np.arange(300) >= 200, np.arange(300), 8).low < 0.05


@pytest.mark.parametrize("in_test", [np.zeros(6, bool), np.ones(6, bool)])
def test_one_side_alone_says_nothing(in_test):
    assert np.isnan(mix_shift(np.zeros(6, int), in_test, np.arange(6), 1).value)
