from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cityblock

from core.groups.statistics.mix import mix_shift


def test_it_is_half_the_distance_of_the_shares():
    rng = np.random.default_rng(0)
    groups, in_test = rng.integers(0, 5, 400), np.arange(400) >= 300
    groups[in_test & (rng.random(400) < 0.5)] = 0
    shares = [np.bincount(groups[part], minlength=5) / part.sum() for part in (~in_test, in_test)]
    found = mix_shift(groups, in_test, np.arange(400), 5)
    assert found.distance == pytest.approx(cityblock(*shares) / 2)
    assert found.by_chance < 0.2 < found.distance and found.n_samples == 400


def test_the_same_mix_and_another():
    groups = np.tile([0, 1], 100)
    in_test = np.arange(200) >= 100
    assert mix_shift(groups, in_test, np.arange(200), 2).distance == 0
    assert mix_shift(in_test.astype(int), in_test, np.arange(200), 2).distance == 1


def test_chance_alone_stays_below_in_ninety_five_of_a_hundred():
    rng, in_test = np.random.default_rng(0), np.arange(150) >= 100
    found = [mix_shift(rng.integers(0, 8, 150), in_test, np.arange(150), 8) for _ in range(60)]
    assert 0.85 <= np.mean([one.distance <= one.by_chance for one in found]) <= 1


def test_patients_are_dealt_whole():
    """Four copies of each image tell no more than one, and chance moves them as far."""
    groups, in_test, patients = np.random.default_rng(0).integers(0, 4, 150), np.arange(150) >= 100, np.arange(150)
    once, copies = mix_shift(groups, in_test, patients, 4), mix_shift(*(np.repeat(part, 4) for part in (groups, in_test, patients)), 4)
    assert copies.distance == pytest.approx(once.distance) and copies.by_chance == pytest.approx(once.by_chance, rel=0.1)


@pytest.mark.parametrize("in_test", [np.zeros(6, bool), np.ones(6, bool)])
def test_one_side_alone_says_nothing(in_test):
    assert np.isnan(mix_shift(np.zeros(6, int), in_test, np.arange(6), 1).distance)
