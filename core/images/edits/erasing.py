"""Erase parts of a film, so that a model can be asked again: boxes in fractions of the film's sides, and what they are filled with.

A model sees the fill too, and no fill is neutral (Hooker et al. 2019; Sturmfels et al. 2020): an answer that changes with every fill is one
about the box. The smooth fill solves Laplace's equation inside the box with its rim as the boundary (Pérez et al. 2003, section 2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage

from core.errors import InputError
from core.images.borders import LETTER_LEVEL, letter_edges
from core.images.edits.boxes import MOST_BOXES, Box

SOLVED = 112  # longest side of the copy on which the smooth fill is solved: it has no detail to lose
RIM = 0.1  # of a box's longer side: how wide the rim is whose mean fills it
NEXT, STROKE = np.ones((3, 3), bool), 12  # a pixel and its eight neighbours; how far a stroke goes on from its edge, pixels
LETTERS_AT = 224  # the audit measures letters at this side
REACH, MARGIN, FEWEST_EDGES = 4, 3, 4  # pixels of it: edges so near are one mark, which is erased with a margin; fewer are grain


def erase(pixels: np.ndarray, boxes: Sequence[Box], fill: str) -> np.ndarray:
    """A copy of a film with some boxes filled.

    Parameters
    ----------
    pixels : ndarray of shape (height, width), uint8
    boxes : sequence of Box
    fill : str
        A key of `FILLS`.

    Returns
    -------
    ndarray of shape (height, width), uint8

    Raises
    ------
    InputError
        If nothing of the film is left.
    """
    erased = np.zeros(pixels.shape, bool)
    for box in boxes:
        erased[box.slices(*pixels.shape)] = True
    if erased.all():
        raise InputError("The boxes cover the whole film, so nothing is left to ask about; undo one.")
    if not erased.any():
        return pixels.copy()
    filled = FILLS[fill](pixels, erased, boxes)
    return np.where(erased, np.clip(np.rint(filled), 0, 255).astype(np.uint8), pixels)


def letters(grey: np.ndarray) -> tuple[Box, ...]:
    """Boxes round the letters in a film's corners, found by the edges that the audit counts; the largest mark first.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8

    Returns
    -------
    tuple of Box
    """
    small = np.asarray(Image.fromarray(grey).resize((LETTERS_AT, LETTERS_AT), Image.Resampling.BILINEAR))
    edges = letter_edges(small)
    strokes = ndimage.binary_dilation(edges, NEXT, STROKE, mask=edges | (small >= LETTER_LEVEL))  # level ones end in edges
    marks, n_marks = ndimage.label(ndimage.binary_dilation(strokes, NEXT, REACH))
    counts = ndimage.sum_labels(edges, marks, np.arange(1, n_marks + 1))
    largest = [int(place) for place in np.argsort(-counts, kind="stable")[:MOST_BOXES] if counts[place] >= FEWEST_EDGES]
    places = ndimage.find_objects(marks)
    return tuple(_round(places[place]) for place in largest)


def _round(place: tuple[slice, slice]) -> Box:
    """A box about a mark, whose edges were widened by `REACH`."""
    spare = REACH - MARGIN
    (top, bottom), (left, right) = ((part.start + spare, part.stop - spare) for part in place)
    return Box(left / LETTERS_AT, top / LETTERS_AT, (right - left) / LETTERS_AT, (bottom - top) / LETTERS_AT)


def _smooth(pixels: np.ndarray, erased: np.ndarray, boxes: Sequence[Box]) -> np.ndarray:
    """The surface without a bump or dent of its own that meets the rim: Laplace's equation, solved on a small copy."""
    shrink = min(1.0, SOLVED / max(pixels.shape))
    size = tuple(max(2, round(shrink * side)) for side in pixels.shape[::-1])
    known = Image.fromarray(np.where(erased, 0, pixels).astype(np.float32)).resize(size, Image.Resampling.BOX)
    share = np.asarray(Image.fromarray((~erased).astype(np.float32)).resize(size, Image.Resampling.BOX))
    small = np.divide(np.asarray(known), share, out=np.zeros_like(share), where=share > 0)  # of a cell, the part that is not erased
    solved = _harmonic(small, share <= 0) if (share <= 0).any() else small
    return np.asarray(Image.fromarray(solved.astype(np.float32)).resize(pixels.shape[::-1], Image.Resampling.BILINEAR))


def _harmonic(values: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """Fill the unknown cells so that each is the mean of its neighbours on the film."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import spsolve

    number, n = np.full(values.shape, -1), int(unknown.sum())
    number[unknown] = np.arange(n)
    right, rows, columns, weights = np.zeros(n), [], [], []
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        inside = np.moveaxis(np.ones(values.shape, bool), axis, 0)
        inside[-1 if step > 0 else 0] = False  # no neighbour beyond the film
        here = unknown & np.moveaxis(inside, 0, axis)
        mine, other = number[here], np.roll(number, -step, axis)[here]
        np.add.at(right, mine, np.where(other < 0, np.roll(values, -step, axis)[here], 0))
        rows += [mine, mine[other >= 0]]
        columns += [mine, other[other >= 0]]
        weights += [np.ones(len(mine)), -np.ones(int((other >= 0).sum()))]
    system = coo_array((np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), (n, n))
    filled = values.astype(np.float64)
    filled[unknown] = spsolve(system.tocsc(), right)
    return filled


def _mean(pixels: np.ndarray, erased: np.ndarray, boxes: Sequence[Box]) -> np.ndarray:
    """The mean of each box's rim; of the rest of the film where boxes leave it none."""
    filled, height, width = pixels.astype(np.float32), *pixels.shape
    for box in boxes:
        rows, columns = box.slices(height, width)
        wide = max(2, round(RIM * max(rows.stop - rows.start, columns.stop - columns.start)))
        around = tuple(slice(max(0, part.start - wide), part.stop + wide) for part in (rows, columns))
        rim = pixels[around][~erased[around]]
        filled[rows, columns] = (rim if len(rim) else pixels[~erased]).mean()
    return filled


def _blur(pixels: np.ndarray, erased: np.ndarray, boxes: Sequence[Box]) -> np.ndarray:
    """The film blurred until a quarter of the box's shorter side is one: its brightness stays, its detail goes."""
    filled, picture = pixels.astype(np.float32), Image.fromarray(pixels)
    for box in boxes:
        place = box.slices(*pixels.shape)
        radius = max(1.0, min(part.stop - part.start for part in place) / 4)
        filled[place] = np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)))[place]
    return filled


FILLS: dict[str, Callable[[np.ndarray, np.ndarray, Sequence[Box]], np.ndarray]] = {"smooth": _smooth, "mean": _mean, "blur": _blur}
TITLES = {"smooth": "Smooth", "mean": "Mean of its rim", "blur": "Blurred"}
