"""An area drawn on the map of the images, as a link holds it, and the images inside."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from core.errors import InputError

UNITS = 1000  # to the side of the map: about a pixel
TEXT = re.compile(r"[0-9a-f]{6}(_\d{1,4}\.\d{1,4}){3,64}")


@dataclass(frozen=True, eq=False)
class Area:
    """A polygon on a map.

    Attributes
    ----------
    key : str
        Six hexadecimal digits of the map that it was drawn on.
    corners : ndarray of shape (n_corners, 2), int
        In thousandths of the side of the map, 0 to 1,000.
    """

    key: str
    corners: np.ndarray

    @property
    def text(self) -> str:
        """``a1b2c3_120.340_…``: as `area_from_text` reads it. All characters stand in a link as they are."""
        return "_".join([self.key, *(f"{x}.{y}" for x, y in self.corners)])


def area_from_text(text: str) -> Area:
    """The area that a link holds.

    Parameters
    ----------
    text : str

    Returns
    -------
    Area

    Raises
    ------
    InputError
        If it holds none.
    """
    if not TEXT.fullmatch(text):
        raise InputError("The link holds no area of the map that can be read; draw it again.")
    key, *corners = text.split("_")
    numbers = np.array([corner.split(".") for corner in corners], dtype=int)
    return Area(key, np.minimum(numbers, UNITS))


def inside(corners: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which points lie inside a polygon, by the even-odd rule: a ray to the right crosses its outline an odd number of times.

    Parameters
    ----------
    corners : ndarray of shape (n_corners, 2)
        In order around the polygon, which closes itself and may cross itself.
    points : ndarray of shape (n_points, 2)

    Returns
    -------
    ndarray of shape (n_points,), bool
        A point on the outline is counted with one of its sides.

    References
    ----------
    Shimrat, "Algorithm 112: position of point relative to polygon", Commun. ACM 5 (1962) 434.
    """
    x, y = (np.asarray(points, dtype=np.float64)[:, axis] for axis in (0, 1))
    corners = np.asarray(corners, dtype=np.float64)
    found = np.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            found ^= ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return found


def within(area: Area, places: np.ndarray) -> np.ndarray:
    """Which images lie inside an area of the map.

    Parameters
    ----------
    area : Area
    places : ndarray of shape (n_samples, 2), uint16
        Of `core.embedding.kept.Embedding`.

    Returns
    -------
    ndarray of shape (n_samples,), bool
    """
    scale = UNITS / np.iinfo(np.uint16).max
    low, high = area.corners.min(axis=0) / scale, area.corners.max(axis=0) / scale
    near = np.flatnonzero(((places >= low) & (places <= high)).all(axis=1))  # few of very many lie in the box around it
    found = np.zeros(len(places), dtype=bool)
    found[near] = inside(area.corners, places[near] * scale)
    return found
