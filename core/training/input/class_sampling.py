"""Which images an epoch shows, and how often: the natural share of each class, or equal shares."""

from __future__ import annotations

import numpy as np


def draw(y: np.ndarray, sampling: str, rng: np.random.Generator) -> np.ndarray:
    """The shuffled positions that one epoch shows.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), int
    sampling : {"natural", "oversample", "undersample"}
        Each image once; every class repeated to the size of the largest, whole rounds first so that no image is left out; or
        every class cut to the size of the smallest, drawn anew each epoch.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_shown,), int
        Positions in `y`.
    """
    if sampling == "natural":
        return rng.permutation(len(y))
    counts = np.bincount(y)
    size = counts.max() if sampling == "oversample" else counts[counts > 0].min()
    return draw_cells(y, np.where(counts > 0, size, 0), rng)


def draw_cells(cells: np.ndarray, sizes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shuffled positions that show each cell, such as a class, a given number of times, in whole rounds as far as they fit.

    Parameters
    ----------
    cells : ndarray of shape (n_samples,), int
    sizes : ndarray of shape (n_cells,), int
        0 for a cell without samples.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n_drawn,), int
    """
    shown = [_rounds(np.flatnonzero(cells == cell), sizes[cell], rng) for cell in np.flatnonzero(sizes)]
    return rng.permutation(np.concatenate(shown))


def _rounds(members: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """`size` of the members: as many whole rounds as fit, then a draw without replacement."""
    whole, rest = divmod(size, len(members))
    return np.concatenate([np.tile(members, whole), rng.choice(members, rest, replace=False)])
