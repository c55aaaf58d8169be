"""One setting of a film changed step by step, so that a model can be asked at each: brightness, contrast, crop and rotation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Change:
    """A setting of a film.

    Attributes
    ----------
    title, unit, explanation : str
    values : tuple of float
        The steps at which models are asked, in order; `none` is one of them.
    none : float
        The value that leaves the film as it is.
    apply : callable
        ``apply(pixels, value)``: uint8 of shape (side, side) to the same.
    """

    title: str
    unit: str
    explanation: str
    values: tuple[float, ...]
    none: float
    apply: Callable[[np.ndarray, float], np.ndarray]

    def all_of(self, pixels: np.ndarray) -> np.ndarray:
        """The film at every step: uint8 of shape (n_values, side, side)."""
        return np.stack([pixels if value == self.none else self.apply(pixels, value) for value in self.values])


def _brighter(pixels: np.ndarray, percent: float) -> np.ndarray:
    return _grey(pixels * (1 + percent / 100))


def _contrast(pixels: np.ndarray, percent: float) -> np.ndarray:
    return _grey(pixels.mean() + (1 + percent / 100) * (pixels - pixels.mean()))


def _crop(pixels: np.ndarray, percent: float) -> np.ndarray:
    """The middle, enlarged to the size of the whole."""
    height, width = pixels.shape
    cut = (width * percent / 100, height * percent / 100)
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR, (*cut, width - cut[0], height - cut[1])))


def _rotate(pixels: np.ndarray, degrees: float) -> np.ndarray:
    """About the middle, to the left; what turns in from outside repeats the edge, for black corners would be a clue of their own."""
    wide = len(pixels) // 4
    padded = Image.fromarray(np.pad(pixels, wide, mode="edge")).rotate(degrees, Image.Resampling.BILINEAR)
    return np.asarray(padded)[wide:-wide, wide:-wide] if wide else pixels


def _grey(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


CHANGES: dict[str, Change] = {
    "brightness": Change("Brightness", "%", "Every grey level times a factor.", tuple(range(-40, 41, 8)), 0, _brighter),
    "contrast": Change("Contrast", "%", "Distance of every grey level from the film's mean.", tuple(range(-60, 61, 12)), 0, _contrast),
    "crop": Change("Crop", "% off each edge", "The middle of the film, enlarged.", tuple(range(0, 21, 2)), 0, _crop),
    "rotation": Change("Rotation", "degrees to the left", "The film turned about its middle.", tuple(range(-15, 16, 3)), 0, _rotate),
}
