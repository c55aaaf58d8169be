"""How the mix of groups moves from train to test: no label is looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from core.groups.statistics.contingency import CHUNK_CELLS, FEWER_DRAWS, MANY, N_DRAWS, SEED, table


@dataclass(frozen=True)
class Shift:
    """How far the mixes of two sides lie apart.

    Attributes
    ----------
    distance : float
        Total variation distance: half the sum of the differences between shares. It is the share of test images that would have to be
        of another group for test to have the mix of the other images. NaN without both sides.
    by_chance : float
        What 95 of 100 distances stay below when the same patients are dealt to the sides at random.
    n_samples : int
    """

    distance: float
    by_chance: float
    n_samples: int


def mix_shift(groups: np.ndarray, in_test: np.ndarray, patients: np.ndarray, n_groups: int) -> Shift:
    """Compare the mix of groups in test with that of all other images.

    Sampling alone moves two mixes apart, the further the more groups and the fewer patients; so the distance stands beside what chance
    gives, by a permutation of whole patients.

    Parameters
    ----------
    groups : ndarray of shape (n_samples,), int
    in_test : ndarray of shape (n_samples,), bool
    patients : ndarray of shape (n_samples,), int
        A number that stands on both sides is two patients here.
    n_groups : int

    Returns
    -------
    Shift

    References
    ----------
    Levin, Peres and Wilmer, *Markov Chains and Mixing Times* (2017), proposition 4.2.
    Good, *Permutation, Parametric and Bootstrap Tests of Hypotheses* (2005), chapter 3.
    """
    side = in_test.astype(int)
    if not len(groups) or side.min() == side.max():
        return Shift(np.nan, np.nan, len(groups))
    own = np.unique(np.stack([patients, side]), axis=1, return_inverse=True)[1].ravel()
    by_patient = csr_array((np.ones(len(groups)), (own, groups)), shape=(own.max() + 1, n_groups))
    sides = np.zeros(own.max() + 1, dtype=np.int8)
    sides[own] = side
    distance = _distances(table(side, groups, (2, n_groups))[1:], by_patient)[0]
    return Shift(float(distance), float(np.quantile(_dealt(sides, by_patient), 0.95)), len(groups))


def _dealt(sides: np.ndarray, by_patient: csr_array) -> np.ndarray:
    """Distances when patients are dealt to the sides at random."""
    rng, found = np.random.default_rng(SEED), []
    n_draws = N_DRAWS if len(sides) <= MANY else FEWER_DRAWS
    step = max(1, CHUNK_CELLS // len(sides))
    for begin in range(0, n_draws, step):
        dealt = rng.permuted(np.tile(sides, (min(step, n_draws - begin), 1)), axis=1)
        found.append(_distances((by_patient.T @ dealt.T.astype(float)).T, by_patient))
    return np.concatenate(found)


def _distances(in_test: np.ndarray, by_patient: csr_array) -> np.ndarray:
    """Of counts by group on the test side, shape (n, n_groups), to those of all other images."""
    others = by_patient.sum(axis=0) - in_test
    shares = [counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) for counts in (in_test, others)]
    return np.abs(shares[0] - shares[1]).sum(axis=1) / 2
