"""How the mix of groups moves from train to test: no label is looked at."""

from __future__ import annotations

import numpy as np

from core.groups.contingency import drawn_tables, table
from core.metrics.bootstrap import percentile_interval
from core.metrics.estimate import Estimate


def mix_shift(groups: np.ndarray, in_test: np.ndarray, patients: np.ndarray, n_groups: int) -> Estimate:
    """The share of test images that would have to be of another group for test to have the mix of train.

    That is the total variation distance of the two mixes: half the sum of the differences between their shares. Chance alone moves it
    up, in a draw about as much again as in the sample, so the draws are moved down by what their mean lies too high.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,), int
    in_test : ndarray of shape (n_samples,), bool
    patients : ndarray of shape (n_samples,), int
    n_groups : int

    Returns
    -------
    Estimate
        0: the same mix, 1: no group is in both. NaN without train or test.

    References
    ----------
    Levin, Peres and Wilmer, *Markov Chains and Mixing Times* (2017), proposition 4.2.
    """
    side = in_test.astype(int)
    if not len(groups) or side.min() == side.max():
        return Estimate(np.nan, np.nan, np.nan, len(groups))
    value = float(_distance(table(side, groups, (2, n_groups))[np.newaxis])[0])
    sides = patients + side * (patients.max() + 1)  # a number that stands in both is two patients here: each side is drawn by itself
    parts = drawn_tables(side * n_groups + groups, 2 * n_groups, np.unique(sides, return_inverse=True)[1])
    drawn = np.concatenate([_distance(part.reshape(-1, 2, n_groups)) for part in parts])
    low, high = percentile_interval(np.clip(drawn - (np.nanmean(drawn) - value), 0, 1))
    return Estimate(value, min(low, value), max(high, value), len(groups))


def _distance(counts: np.ndarray) -> np.ndarray:
    """Of tables of shape (n, 2, n_groups)."""
    sums = counts.sum(axis=2, keepdims=True)
    shares = np.where(sums > 0, counts / np.maximum(sums, 1), np.nan)
    return np.abs(shares[:, 0] - shares[:, 1]).sum(axis=1) / 2
