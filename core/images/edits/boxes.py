"""Boxes drawn on a film, in fractions of its sides, so that they mean the same at every size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.errors import InputError

MOST_BOXES = 20
STEPS = 1000  # a box is written in thousandths of the sides


@dataclass(frozen=True, order=True)
class Box:
    """A rectangle on a film, in fractions of its width and height; cut at the film's edges.

    Attributes
    ----------
    left, top, width, height : float
        In [0, 1], to a thousandth; no side is 0.

    Raises
    ------
    InputError
        If nothing of it lies on the film, or a number is not finite.
    """

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        ends = (self.left, self.top, self.left + self.width, self.top + self.height)
        if not np.isfinite(ends).all():
            raise InputError("A box needs four finite numbers: left, top, width and height, in fractions of the film's sides.")
        left, top, right, bottom = (round(STEPS * min(max(end, 0.0), 1.0)) for end in ends)
        if right <= left or bottom <= top:
            raise InputError("The box lies outside the film, or is too small to hold anything; draw it on the film.")
        for name, value in zip(("left", "top", "width", "height"), (left, top, right - left, bottom - top), strict=True):
            object.__setattr__(self, name, value / STEPS)

    @classmethod
    def parse(cls, text: str) -> Box:
        """Read what `str` writes; raises InputError for anything else."""
        try:
            left, top, width, height = (int(part) / STEPS for part in text.split("-"))
        except (ValueError, OverflowError):  # the second of a number that no float holds
            raise InputError(
                f"A box is four numbers in thousandths of the film's sides, such as 100-200-300-150; received {text[:40]!r}."
            ) from None
        return cls(left, top, width, height)

    def __str__(self) -> str:
        """``100-200-300-150``: left, top, width and height in thousandths."""
        return "-".join(str(round(STEPS * value)) for value in (self.left, self.top, self.width, self.height))

    def slices(self, height: int, width: int) -> tuple[slice, slice]:
        """Rows and columns of a picture that it covers, at least one of each."""
        top, left = min(int(self.top * height), height - 1), min(int(self.left * width), width - 1)
        bottom, right = round((self.top + self.height) * height), round((self.left + self.width) * width)
        return slice(top, max(bottom, top + 1)), slice(left, max(right, left + 1))

    def on_input(self, resize: str, height: int, width: int) -> Box:
        """The same place in a model's square input, which has black bars where a film of this size is padded."""
        if resize != "pad" or height == width:
            return self
        across, down = width / max(height, width), height / max(height, width)
        return Box((1 - across) / 2 + self.left * across, (1 - down) / 2 + self.top * down, self.width * across, self.height * down)


def as_boxes(texts: Iterable[str]) -> tuple[tuple[Box, ...], str]:
    """Boxes from what a link says, each once, and what could not be taken of it.

    Parameters
    ----------
    texts : iterable of str
        Each as `str` writes a box.

    Returns
    -------
    boxes : tuple of Box
        The first `MOST_BOXES` of those that are boxes on the film.
    fault : str
        A sentence on the others; empty if all were taken.
    """
    boxes: dict[Box, None] = {}
    faults: list[str] = []
    for text in texts:
        try:
            boxes[Box.parse(text)] = None
        except InputError as error:
            faults.append(str(error))
    if faults:
        faults = [f"{len(faults)} of the link's boxes cannot be used and {'is' if len(faults) == 1 else 'are'} left out. {faults[0]}"]
    if len(boxes) > MOST_BOXES:
        faults.append(f"The link has {len(boxes)} boxes; a film takes at most {MOST_BOXES}, so the first {MOST_BOXES} are kept.")
    return tuple(boxes)[:MOST_BOXES], " ".join(faults)


def at_peak(heatmap: np.ndarray, side: float = 0.2) -> Box:
    """A box of a share of the film's sides about the strongest place of a map of shape (h, w); of a plateau the middle counts.

    Parameters
    ----------
    heatmap : ndarray of shape (height, width), float
    side : float
        Of the box, as a share of the film's.

    Returns
    -------
    Box
    """
    rows, columns = np.nonzero(heatmap == heatmap.max())
    y, x = ((places.mean() + 0.5) / n for places, n in zip((rows, columns), heatmap.shape, strict=True))
    return Box(x - side / 2, y - side / 2, side, side)
