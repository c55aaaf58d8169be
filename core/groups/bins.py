"""Numbers in bins of about equal many images, with names that a person reads."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

MOST_DIGITS = 6
MOVED = 0.02


def quantile_edges(values: np.ndarray, k: int) -> np.ndarray:
    """Upper ends of all bins but the last, rounded to the fewest digits that keep them apart.

    Parameters
    ----------
    values : ndarray of shape (n,), float
        Of the images that bins are fitted on; missing ones are left out.
    k : int
        Bins wanted; ties give fewer.

    Returns
    -------
    ndarray of shape (n_bins - 1,), float
        Ascending.
    """
    known = np.sort(values[np.isfinite(values)])
    if not len(known) or known[0] == known[-1]:
        return np.zeros(0)
    exact = np.unique(np.quantile(known, np.arange(1, k) / k, method="inverted_cdf"))
    exact = exact[exact < known[-1]]
    return _rounded(exact, known)


def in_bins(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The bin of each value, -1 for a missing one: a value that is an edge belongs below it."""
    return np.where(np.isfinite(values), np.searchsorted(edges, values, side="left"), -1)


def bin_names(edges: np.ndarray, low: float, high: float, whole: bool) -> tuple[str, ...]:
    """``up to 98``, ``over 98 to 110``, ``over 110``; of whole numbers ``up to 3``, ``4 to 6``, ``7``, ``8 and more``.

    Parameters
    ----------
    edges : ndarray of shape (n_bins - 1,), float
    low, high : float
        The smallest and the largest value: a first or last bin of one value alone is called by it.
    whole : bool
        Whether all values are whole numbers.
    """
    if not len(edges):
        return (number_text(low) if low == high else f"{number_text(low)} to {number_text(high)}",)
    first = number_text(edges[0]) if low == edges[0] else f"up to {number_text(edges[0])}"
    last = f"{number_text(edges[-1] + 1)} and more" if whole else f"over {number_text(edges[-1])}"
    last = number_text(high) if whole and high == edges[-1] + 1 else last
    return (first, *(_between(lower, upper, whole) for lower, upper in pairwise(edges)), last)


def number_text(value: float) -> str:
    """``1998``, ``0.25``, ``−3``: no more digits than the number has."""
    text = f"{value:.{MOST_DIGITS}f}".rstrip("0").rstrip(".") if abs(value) < 1e9 else f"{value:.3g}"
    return text.replace("-", "−")


def _between(low: float, high: float, whole: bool) -> str:
    if whole and high == low + 1:
        return number_text(high)
    return f"{number_text(low + 1)} to {number_text(high)}" if whole else f"over {number_text(low)} to {number_text(high)}"


def _rounded(edges: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Edges with the fewest digits at which no more than 2 % of the sorted values change their side of one; whole numbers as they are."""
    if (values == values.round()).all():
        return edges
    scale = int(np.floor(np.log10(max(abs(values[0]), abs(values[-1]), 1e-12))))
    for digits in range(1 - scale, MOST_DIGITS - scale):
        rounded = np.unique(edges.round(digits))
        if len(rounded) < len(edges):
            continue
        moved = np.abs(np.searchsorted(values, rounded, side="right") - np.searchsorted(values, edges, side="right"))
        if (moved <= MOVED * len(values)).all():
            return rounded
    return edges
