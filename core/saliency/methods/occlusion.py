"""Occlusion: how much the class score falls when a grey square covers a part of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe

CELLS = 12  # the image is cut into 12 by 12 cells
PATCH = 2  # a square covers 2 by 2 cells, a sixth of the side, and moves by one cell
BATCH_SIZE = 16  # covered images made at a time: bounds the memory


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str | None = None, progress: Progress | None = None) -> RawMap:
    """Fall of the class logit, averaged over the squares that cover a cell (Zeiler and Fergus 2014, section 4.2).

    Signed: where covering raises the score, the part spoke against the class. The squares have the image's mean grey.
    """
    squares = corners()
    falls = []
    own = probe.logits(image[np.newaxis])[0, class_id]
    for start in range(0, len(squares), BATCH_SIZE):
        covered = np.stack([cover(image, row, column) for row, column in squares[start : start + BATCH_SIZE]])
        falls.append(own - probe.logits(covered)[:, class_id])
        if progress:
            progress(min(start + BATCH_SIZE, len(squares)), len(squares))
    return RawMap(spread(squares, np.concatenate(falls)), _note(image, len(squares)))


def corners() -> list[tuple[int, int]]:
    """Cell in the upper left corner of every square: list of (row, column)."""
    return [(row, column) for row in range(CELLS - PATCH + 1) for column in range(CELLS - PATCH + 1)]


def cover(image: np.ndarray, row: int, column: int) -> np.ndarray:
    """A copy of the image with one square in its mean grey."""
    covered = image.copy()
    edges = [np.linspace(0, side, CELLS + 1).round().astype(int) for side in image.shape[:2]]
    covered[edges[0][row] : edges[0][row + PATCH], edges[1][column] : edges[1][column + PATCH]] = image.mean()
    return covered


def spread(squares: list[tuple[int, int]], falls: np.ndarray) -> np.ndarray:
    """Mean fall over the squares that cover each cell.

    Parameters
    ----------
    squares : list of (int, int)
    falls : ndarray of shape (n_squares,)

    Returns
    -------
    ndarray of shape (CELLS, CELLS), float32
    """
    total, count = np.zeros((CELLS, CELLS), np.float32), np.zeros((CELLS, CELLS), np.float32)
    for (row, column), fall in zip(squares, falls, strict=True):
        total[row : row + PATCH, column : column + PATCH] += fall
        count[row : row + PATCH, column : column + PATCH] += 1
    return total / count


def _note(image: np.ndarray, n_squares: int) -> str:
    side = round(PATCH * image.shape[1] / CELLS)
    return f"Occlusion tried {n_squares} positions of a square {side} pixels wide: anything finer is not resolved."


OCCLUSION = Method(
    key="occlusion",
    title="Occlusion",
    reference="Zeiler, Fergus 2014, arXiv:1311.2901",
    family="perturbation",
    unit="fall of the logit when covered",
    raw_map=raw_map,
    asks=("logits",),
    adds_up=False,
    weak=0.1,
)
