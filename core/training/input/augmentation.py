"""Random flips, crops, warps, exposure changes and lost clues of grey uint8 images, drawn from a recipe; and CutMix of a batch."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from core.config import Recipe
from core.images.corruptions import VARIANTS, without_clue
from core.training.input.exchange import exchanges

CLUES = tuple(name for name in VARIANTS if name != "crop")  # random resized crops do that one


def few_views(recipe: Recipe) -> bool:
    """Whether a recipe shows each image in one view, or in two by flips, and nothing else.

    Parameters
    ----------
    recipe : Recipe

    Returns
    -------
    bool
    """
    moved = recipe.rotation or recipe.zoom or recipe.shift or recipe.brightness or recipe.contrast
    return not (moved or recipe.cutmix or recipe.clue_removal or recipe.crop_area < 1 or exchanges(recipe))


def augment(image: np.ndarray, recipe: Recipe, rng: np.random.Generator, size: int | None = None) -> np.ndarray:
    """One random view of an image.

    Parameters
    ----------
    image : ndarray of shape (side, side), uint8
    recipe : Recipe
        Half-widths of the draws.
    rng : numpy.random.Generator
        The only source of chance, so a seed reproduces the view.
    size : int, optional
        Side of the view; that of the image if None.

    Returns
    -------
    ndarray of shape (size, size), uint8
    """
    if recipe.flip and rng.random() < 0.5:
        image = image[:, ::-1]
    if recipe.clue_removal and rng.random() < recipe.clue_removal:
        image = _partly_without_clue(image, rng)
    if recipe.crop_area < 1 or size not in (None, image.shape[0]):
        image = _crop(image, recipe, rng, size or image.shape[0])
    if recipe.rotation or recipe.zoom or recipe.shift:
        image = _warp(image, recipe, rng)
    if recipe.brightness or recipe.contrast:
        image = _expose(image, recipe, rng)
    return image


def cutmix(images: np.ndarray, wanted: Sequence[np.ndarray], rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Swap one rectangle between each image of a batch and another, and mix what is wanted of them by area (Yun et al. 2019, eq. 1).

    Parameters
    ----------
    images : ndarray of shape (n, side, side), uint8
    wanted : sequence of ndarray of shape (n, ...), float
        Targets, and weights in the loss where there are any.
    rng : numpy.random.Generator

    Returns
    -------
    images : ndarray of shape (n, side, side), uint8
    *wanted : ndarray of shape (n, ...), float
    """
    side = images.shape[1]
    other = rng.permutation(len(images))
    height = width = round(side * math.sqrt(1 - rng.random()))  # lambda of Beta(1, 1) is the share that stays
    top, left = rng.integers(0, side - height + 1), rng.integers(0, side - width + 1)
    mixed = images.copy()
    mixed[:, top : top + height, left : left + width] = images[other, top : top + height, left : left + width]
    stays = 1 - height * width / side**2
    return mixed, *(stays * part + (1 - stays) * part[other] for part in wanted)


def _partly_without_clue(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The image blended with itself without one clue of the validation battery, by a random share."""
    clue, row, share = CLUES[rng.integers(len(CLUES))], int(rng.integers(2**31)), rng.random()
    return np.rint(image + share * (without_clue(image, clue, row) - image.astype(np.float32))).astype(np.uint8)


def _crop(image: np.ndarray, recipe: Recipe, rng: np.random.Generator, size: int) -> np.ndarray:
    """A random resized crop: area uniform, aspect ratio log-uniform (Szegedy et al. 2015), clipped to the picture."""
    side = image.shape[0]
    area = rng.uniform(recipe.crop_area, 1) * side**2
    stretch = math.exp(rng.uniform(-1, 1) * math.log(recipe.crop_aspect) / 2)
    width, height = min(side, math.sqrt(area) * stretch), min(side, math.sqrt(area) / stretch)
    left, top = rng.uniform(0, side - width), rng.uniform(0, side - height)
    picture = Image.fromarray(np.ascontiguousarray(image))
    return np.asarray(picture.resize((size, size), Image.Resampling.BILINEAR, box=(left, top, left + width, top + height)))


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
