"""What can be computed for many weightings of the same samples at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Statistic = Callable[[np.ndarray], np.ndarray]  # weights (n_draws, n_samples) to values (n_draws,)


@dataclass(frozen=True, eq=False)
class Ratio:
    """The statistic that is a weighted sum over another: a mean, a rate, F1.

    Attributes
    ----------
    top, bottom : ndarray of shape (n_samples,), float64
    empty : float
        The value where the sum of `bottom` is 0.
    """

    top: np.ndarray
    bottom: np.ndarray
    empty: float = float("nan")

    def __call__(self, weights: np.ndarray) -> np.ndarray:
        """Values of shape (n_draws,)."""
        top, bottom = (weights @ np.stack([self.top, self.bottom], axis=1)).T
        return ratio(top, bottom, self.empty)


def evaluate_all(statistics: Mapping[str, Statistic], weights: np.ndarray) -> dict[str, np.ndarray]:
    """Every statistic under the same weights; all ratios in one matrix product."""
    ratios = {name: statistic for name, statistic in statistics.items() if isinstance(statistic, Ratio)}
    values = {name: statistic(weights) for name, statistic in statistics.items() if name not in ratios}
    if ratios:
        sums = weights @ np.stack([part for one in ratios.values() for part in (one.top, one.bottom)], axis=1)
        values |= {name: ratio(sums[:, 2 * i], sums[:, 2 * i + 1], one.empty) for i, (name, one) in enumerate(ratios.items())}
    return {name: values[name] for name in statistics}


def ratio(numerator: np.ndarray, denominator: np.ndarray, empty: float = float("nan")) -> np.ndarray:
    """Elementwise quotient, `empty` where the denominator is not above 0.

    Parameters
    ----------
    numerator : ndarray of any shape, float
    denominator : ndarray of the same shape, float
    empty : float

    Returns
    -------
    ndarray of the same shape, float
    """
    return np.divide(numerator, denominator, out=np.full(denominator.shape, empty), where=denominator > 0)
