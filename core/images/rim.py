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


def _letters(grey: np.ndarray) -> float:
    side = max(2, min(grey.shape) // CORNER_FRACTION)
    corners = np.stack([grey[:side, :side], grey[:side, -side:], grey[-side:, :side], grey[-side:, -side:]]).astype(np.int16)
    left, right = corners[:, :, :-1], corners[:, :, 1:]
    edges = (np.abs(right - left) >= LETTER_JUMP) & (np.maximum(left, right) >= LETTER_LEVEL)
    return 1000 * float(edges.mean())
