"""Random flips, affine warps and exposure changes of grey uint8 images, drawn from a recipe."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from core.config import Recipe


def augment(image: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """One random view of an image.

    Parameters
    ----------
    image : ndarray of shape (side, side), uint8
    recipe : Recipe
        Half-widths of the draws.
    rng : numpy.random.Generator
        The only source of chance, so a seed reproduces the view.

    Returns
    -------
    ndarray of shape (side, side), uint8
    """
    if recipe.flip and rng.random() < 0.5:
        image = image[:, ::-1]
    if recipe.rotation or recipe.zoom or recipe.shift:
        image = _warp(image, recipe, rng)
    if recipe.brightness or recipe.contrast:
        image = _expose(image, recipe, rng)
    return image


def _warp(image: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Rotate and zoom about the centre, then shift; the outside is black, as collimated film is."""
    side = image.shape[0]
    angle = math.radians(rng.uniform(-recipe.rotation, recipe.rotation))
    scale = 1 / (1 + rng.uniform(-recipe.zoom, recipe.zoom))
    dx, dy = rng.uniform(-recipe.shift, recipe.shift, 2) * side
    a, b = scale * math.cos(angle), scale * math.sin(angle)
    centre = side / 2
    matrix = (a, b, centre - a * (centre + dx) - b * (centre + dy), -b, a, centre + b * (centre + dx) - a * (centre + dy))
    picture = Image.fromarray(np.ascontiguousarray(image))
    return np.asarray(picture.transform((side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))


def _expose(image: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """Scale about the image's mean and add an offset, by one table look-up."""
    gain = 1 + rng.uniform(-recipe.contrast, recipe.contrast)
    offset = rng.uniform(-recipe.brightness, recipe.brightness) * 255
    mean = image.mean()
    table = np.rint(np.clip((np.arange(256) - mean) * gain + mean + offset, 0, 255)).astype(np.uint8)
    return table[image]
