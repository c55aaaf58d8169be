"""What lies around the chest: the rim of the picture and the letters burnt into its corners. Clues to the class, not to the lung."""

from __future__ import annotations

import numpy as np

RIM_FRACTION = 16  # the rim is this part of the side wide
CORNER_FRACTION = 4
BLACK = 8  # grey levels: what collimators and padding leave
LETTER_LEVEL, LETTER_JUMP = 200, 60  # a burnt-in letter is nearly white and steps at its edge; shoulders and bones fade


def rim_facts(grey: np.ndarray) -> dict[str, float]:
    """Measure the rim and the corners.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8

    Returns
    -------
    dict
        ``rim_mean``: mean grey level of the rim; ``rim_black``: share of it that is black, in [0, 1]; ``letters``: pixels at the edge of
        something nearly white in the four corners, per thousand pixels of the corners.
    """
    rim = _rim(grey)
    return {"rim_mean": float(rim.mean()), "rim_black": float((rim <= BLACK).mean()), "letters": _letters(grey)}


def _rim(grey: np.ndarray) -> np.ndarray:
    width = max(1, min(grey.shape) // RIM_FRACTION)
    top, bottom = grey[:width], grey[-width:]
    return np.concatenate([top.ravel(), bottom.ravel(), grey[width:-width, :width].ravel(), grey[width:-width, -width:].ravel()])


def letter_edges(grey: np.ndarray) -> np.ndarray:
    """Where the edges of letters lie in the four corners of a picture: bool of shape (height, width).

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8

    Returns
    -------
    ndarray of shape (height, width), bool
    """
    found = np.zeros(grey.shape, bool)
    for corner in _corners(grey.shape):
        found[corner][:, :-1] = _edges(grey[corner])
    return found


def _letters(grey: np.ndarray) -> float:
    return 1000 * float(np.mean([_edges(grey[corner]) for corner in _corners(grey.shape)]))


def _corners(shape: tuple[int, int]) -> list[tuple[slice, slice]]:
    side = max(2, min(shape) // CORNER_FRACTION)
    first, last = slice(None, side), slice(-side, None)
    return [(first, first), (first, last), (last, first), (last, last)]


def _edges(corner: np.ndarray) -> np.ndarray:
    """Where a pixel and the next to its right differ as a burnt-in letter does: bool of shape (side, side - 1)."""
    left, right = corner[:, :-1].astype(np.int16), corner[:, 1:].astype(np.int16)
    return (np.abs(right - left) >= LETTER_JUMP) & (np.maximum(left, right) >= LETTER_LEVEL)
