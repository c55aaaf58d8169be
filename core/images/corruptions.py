"""The validation battery: validation images without the clues that tell this data set's classes apart by their encoding.

In the published files the JPEG quantisation table alone separates the training classes, and validation images drawn from the
same folder carry the same clue. Each variant takes a clue away; what a model keeps of its skill is what may survive elsewhere.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter, ImageOps

SOURCE = 224
"""Side in pixels at which the clues are removed, so that every model is asked about the same pictures."""


def _reencode(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """JPEG at quality 40: one quantisation table for all."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=40)
    return Image.open(buffer).convert("L")


def _blur(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Gaussian blur of 1.5 pixels: fine texture and compression artefacts go."""
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def _downscale(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """To a third of the side and back: the original size leaves no trace."""
    small = picture.resize((picture.width // 3, picture.height // 3), Image.Resampling.BILINEAR)
    return small.resize(picture.size, Image.Resampling.BILINEAR)


def _noise(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Gaussian noise with a standard deviation of 12 of 255."""
    values = np.asarray(picture) + rng.normal(0, 12, (picture.height, picture.width))
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _crop(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The middle 80 % of each side: letters, borders and collimation go."""
    cut = round(picture.width * 0.1)
    return picture.resize(picture.size, Image.Resampling.BILINEAR, box=(cut, cut, picture.width - cut, picture.height - cut))


def _contrast(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """60 % of the contrast about the mean."""
    values = np.asarray(picture, dtype=np.float32)
    return Image.fromarray(np.rint(values.mean() + 0.6 * (values - values.mean())).astype(np.uint8))


def _equalise(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Histogram equalisation: exposure and window no longer differ."""
    return ImageOps.equalize(picture)


VARIANTS: dict[str, Callable[[Image.Image, np.random.Generator], Image.Image]] = {
    "reencode": _reencode,
    "blur": _blur,
    "downscale": _downscale,
    "noise": _noise,
    "crop": _crop,
    "contrast": _contrast,
    "equalise": _equalise,
}


def without_clue(image: np.ndarray, variant: str, row: int) -> np.ndarray:
    """One image with one clue removed, always in the same way.

    Parameters
    ----------
    image : ndarray of shape (side, side), uint8
    variant : str
        A key of `VARIANTS`.
    row : int
        The image's row in its data set; seeds what is random.

    Returns
    -------
    ndarray of shape (side, side), uint8
    """
    return np.asarray(VARIANTS[variant](Image.fromarray(np.ascontiguousarray(image)), np.random.default_rng(row)))
