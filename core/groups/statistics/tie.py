"""How far a group and a class are tied: bias-corrected Cramér's V."""

from __future__ import annotations

import numpy as np

from core.groups.statistics.contingency import drawn_tables, table
from core.metrics.statistics.bootstrap import percentile_interval
from core.metrics.statistics.intervals import Estimate

TIED = 0.4  # from here on, at the lower end of its interval: opacities alone, in radiographs without another clue, give about 0.35
FEWEST_IMAGES = 10  # of fewer, a share says nothing that their numbers do not, and chance alone easily ties groups and classes
FEWEST_PATIENTS = 5  # of fewer, no draw tells how the number would scatter


def cramers_v(counts: np.ndarray) -> np.ndarray:
    """Cramér's V without the bias that it has in small tables.

    Parameters
    ----------
    counts : ndarray of shape (..., n_groups, n_classes)
        Images; empty rows and columns do not count.

    Returns
    -------
    ndarray of shape (...), float
        0: group and class have nothing to do with each other, 1: the group tells the class. NaN with one group or one class.

    References
    ----------
    Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", J. Korean Stat. Soc. 42 (2013) 323, eq. 4 to 6.
    """
    return _from_phi(phi_squared(counts), counts)


def phi_squared(counts: np.ndarray) -> np.ndarray:
    """Pearson's χ² over the number of images; NaN without any."""
    n = counts.sum(axis=(-2, -1), keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = counts.sum(axis=-1, keepdims=True) * counts.sum(axis=-2, keepdims=True) / n
        parts = np.where(expected > 0, (counts - expected) ** 2 / expected, 0.0) / n
    return np.where(n[..., 0, 0] > 0, parts.sum(axis=(-2, -1)), np.nan)


def tie(groups: np.ndarray, y: np.ndarray, patients: np.ndarray, shape: tuple[int, int]) -> Estimate:
    """Cramér's V of group and class with its 95 % interval over patients.

    In a draw with replacement φ² is larger by about as much again as chance adds in the sample, so its draws are moved down by what
    their mean lies too high before V is taken of each; else an interval of no tie at all would not hold 0.

    Parameters
    ----------
    groups, y, patients : ndarray of shape (n_samples,), int
        Numbered from 0.
    shape : (int, int)
        Groups and classes.

    Returns
    -------
    Estimate
        NaN with fewer than two groups or classes or ten images; an interval that is NaN with fewer than five patients.
    """
    counts = table(groups, y, shape)
    value, n = float(cramers_v(counts)), len(groups)
    if n < FEWEST_IMAGES:
        return Estimate(np.nan, np.nan, np.nan, n)
    if not np.isfinite(value) or patients.max(initial=-1) + 1 < FEWEST_PATIENTS:
        return Estimate(value, np.nan, np.nan, n)
    drawn = np.concatenate(list(drawn_tables(groups * shape[1] + y, shape[0] * shape[1], patients))).reshape(-1, *shape)
    phi = phi_squared(drawn)
    excess = np.nanmean(phi) - phi_squared(counts)
    low, high = percentile_interval(_from_phi(phi - excess, drawn))
    return Estimate(value, min(low, value), max(high, value), n)


def _from_phi(phi: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Bergsma's V from φ² and the size of the table."""
    n = counts.sum(axis=(-2, -1))
    rows, columns = ((counts.sum(axis=axis) > 0).sum(axis=-1) for axis in (-1, -2))
    with np.errstate(invalid="ignore", divide="ignore"):
        corrected = np.maximum(phi - (rows - 1) * (columns - 1) / (n - 1), 0)
        sides = np.minimum(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1))
        v = np.sqrt(corrected / (sides - 1))
    return np.where((rows > 1) & (columns > 1) & (sides > 1), np.minimum(v, 1), np.nan)
