"""What part of a picture a model is shown when it is asked: the whole frame, or several looks whose probabilities are averaged.

Random resized crops show the chest larger in training than the whole frame does later (Touvron et al. 2019); a closer look evens that
out. Averaging over crops and mirror images is older (Krizhevsky et al. 2012, section 4.1). No Keras, so that pages can name the views.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Look:
    """One look at a picture: a square part of it, brought back to the whole's size, and perhaps mirrored.

    Attributes
    ----------
    top, left, side : float
        Of the part, as fractions of the picture's side.
    mirrored : bool
    """

    top: float = 0.0
    left: float = 0.0
    side: float = 1.0
    mirrored: bool = False

    def at(self, images: np.ndarray) -> np.ndarray:
        """The part of each image that is looked at, resampled bilinearly.

        Parameters
        ----------
        images : ndarray of shape (n, side, side), uint8

        Returns
        -------
        ndarray of shape (n, side, side), uint8
        """
        if self.side < 1:
            images = np.stack([self._cropped(image) for image in images]) if len(images) else images
        return images[:, :, ::-1] if self.mirrored else images

    def back(self, maps: np.ndarray, fill: float = np.nan) -> np.ndarray:
        """Maps of what was looked at, laid where they belong in the whole picture.

        Parameters
        ----------
        maps : ndarray of shape (n, side, side), float
        fill : float
            For what lay outside the look.

        Returns
        -------
        ndarray of shape (n, side, side), float32
        """
        maps = maps[:, :, ::-1] if self.mirrored else maps
        if self.side == 1:
            return np.asarray(maps, dtype=np.float32)
        whole = np.full(maps.shape, fill, dtype=np.float32)
        top, left, side = (round(part * maps.shape[1]) for part in (self.top, self.left, self.side))
        for place, one in zip(whole, maps, strict=True):
            small = Image.fromarray(np.ascontiguousarray(one, dtype=np.float32)).resize((side, side), Image.Resampling.BILINEAR)
            place[top : top + side, left : left + side] = np.asarray(small)
        return whole

    def _cropped(self, image: np.ndarray) -> np.ndarray:
        side = len(image)
        box = side * self.left, side * self.top, side * (self.left + self.side), side * (self.top + self.side)
        return np.asarray(Image.fromarray(np.ascontiguousarray(image)).resize((side, side), Image.Resampling.BILINEAR, box=box))


def _both_ways(*places: tuple[float, float, float]) -> tuple[Look, ...]:
    """Each place as it is, then each mirrored."""
    return tuple(Look(*place, mirrored) for mirrored, place in product((False, True), places))


WHOLE = Look()
CENTRE, CROP = 0.9, 0.875
_CORNERS = tuple((top, left, CROP) for top, left in product((0.0, 1 - CROP), repeat=2))
VIEWS: dict[str, tuple[Look, ...]] = {
    "whole": (WHOLE,),
    "mirror": _both_ways((0.0, 0.0, 1.0)),
    "centre": _both_ways(((1 - CENTRE) / 2, (1 - CENTRE) / 2, CENTRE)),
    "ten_crops": _both_ways(*_CORNERS, ((1 - CROP) / 2, (1 - CROP) / 2, CROP)),
}
TITLES = {
    "whole": "The whole frame",
    "mirror": "The whole frame and its mirror image",
    "centre": "The centre, 90 % of each side, and its mirror image",
    "ten_crops": "Ten crops: corners and centre, 87.5 % of each side, and their mirror images",
}


class Pictures(Protocol):
    """What reads like an array of pictures of shape (n, side, side), uint8."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Of all pictures."""

    @property
    def dtype(self) -> np.dtype:
        """Of their pixels."""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray: ...


class Through:
    """Rows of a pixel store as one look sees them, made when they are asked for.

    Parameters
    ----------
    pixels : Pictures of shape (n, side, side), uint8
    look : Look
    """

    def __init__(self, pixels: Pictures, look: Look) -> None:
        self.pixels, self.look, self.shape, self.dtype = pixels, look, pixels.shape, pixels.dtype

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        return self.look.at(self.pixels[rows])
