"""Several comparisons at once: p-values and intervals corrected alike, so that neither says what the other denies.

References
----------
Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979) 65.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from core.metrics.statistics.intervals import LEVEL, Z

ALPHA = 1 - LEVEL


def adjusted(p_values: Sequence[float] | np.ndarray) -> np.ndarray:
    """p-values corrected for being several: float64 of shape (n_comparisons,); NaN stays out of the count."""
    defined, order = _ordered(p_values)
    found = np.full(len(defined), np.nan)
    found[order] = np.minimum(np.maximum.accumulate(defined[order] * np.arange(len(order), 0, -1)), 1.0)
    return found


def steps(p_values: Sequence[float] | np.ndarray) -> np.ndarray:
    """What Holm's method multiplies each p-value by, for intervals at the same step: float64 of shape (n_comparisons,); NaN for NaN.

    The smallest of m by m, the next by m − 1 and so on. The method stops at the first that is not significant, so those after it keep
    its factor. An interval at the level 1 − 0.05 / factor then leaves out 0 just where the p-value of `adjusted` is below 0.05.
    """
    defined, order = _ordered(p_values)
    factors = np.arange(len(order), 0, -1)
    stopped = np.flatnonzero(defined[order] * factors >= ALPHA)
    if len(stopped):
        factors[stopped[0] :] = factors[stopped[0]]
    found = np.full(len(defined), np.nan)
    found[order] = factors
    return found


def interval(difference: float, error: float, factor: float = 1.0) -> tuple[float, float]:
    """A normal interval of a difference of two shares at the level 1 − 0.05 / factor, from its standard error; within [−1, 1].

    Parameters
    ----------
    difference : float
        In [−1, 1].
    error : float
        Its standard error.
    factor : float
        What the p-value is multiplied by.

    Returns
    -------
    tuple of (float, float)
        Low and high.
    """
    half = (Z if factor == 1 else -float(ndtri(ALPHA / 2 / factor))) * error
    low, high = np.clip([difference - half, difference + half], -1, 1)
    return float(low), float(high)


def _ordered(p_values: Sequence[float] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The p-values, and the places of those that are defined from the smallest on."""
    values = np.asarray(p_values, dtype=np.float64)
    return values, np.argsort(values, kind="stable")[: np.isfinite(values).sum()]
