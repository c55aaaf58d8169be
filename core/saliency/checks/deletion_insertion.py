"""Deletion and insertion: does the score follow the pixels that the map calls important?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from core.saliency.checks.check import Answer, Subject, Trial, table
from core.saliency.heatmap import resize_map

if TYPE_CHECKING:
    import pandas as pd

    from core.parallel import Progress

N_STEPS = 6
N_RANDOM = 8
BEATEN = 0.85  # share of the random maps: on phantoms the true opacity itself beats 93 % on average
RANDOM_CELLS = 8  # random maps are as coarse as a CAM: single random pixels would be salt and pepper, which upsets any model
BLUR = 20  # standard deviation of the blur that starts an insertion: a twentieth of the side
UNMOVED = 0.02
SEED = 0
SHARES = np.linspace(0.0, 1.0, N_STEPS + 1, dtype=np.float32)


def run(subject: Subject, progress: Progress) -> Answer:
    """Area between the insertion and the deletion curve, against random maps and a centred one (Petsiuk et al. 2018, algorithm 1).

    The score is the class probability; the number is the map's area minus the mean area of the random maps.
    """
    shape = subject.heatmap.shape
    random = [smooth_noise(np.random.default_rng([SEED, i]), *shape) for i in range(N_RANDOM)]
    scores = follow(subject, [subject.heatmap, centred(*shape), *random], progress)
    own, centre, *chance = area_between(scores)
    value, beaten = float(own - np.mean(chance)), int(np.sum(own > np.array(chance)))
    if np.ptp(scores) < UNMOVED:
        return value, None, _unmoved(np.ptp(scores)), _curves(scores)
    passed = bool(beaten >= BEATEN * N_RANDOM and own > centre)
    return value, passed, _sentence(value, beaten, own > centre, passed), _curves(scores)


def follow(subject: Subject, heatmaps: Sequence[np.ndarray], progress: Progress) -> np.ndarray:
    """Class probability while each map's pixels are deleted and inserted.

    Returns
    -------
    ndarray of shape (n_maps, 2, N_STEPS + 1)
        Deletion first. What all maps share is scored once: the image, nothing left of it, and its blur.
    """
    image = subject.image
    altered = [alter(image, heatmap) for heatmap in heatmaps]
    images = np.concatenate([[image, np.full_like(image, image.mean()), blurred(image)], *(part for pair in altered for part in pair)])
    scores = subject.probe.probabilities(images, progress)[:, subject.class_id]
    whole, nothing, blur = scores[:3]
    inner = scores[3:].reshape(len(heatmaps), 2, N_STEPS - 1)
    starts, ends = (np.tile(np.reshape(pair, (1, 2, 1)), (len(heatmaps), 1, 1)) for pair in ((whole, blur), (nothing, whole)))
    return np.concatenate([starts, inner, ends], axis=-1)


def alter(image: np.ndarray, heatmap: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The image with ever more of its most important pixels in its mean grey, and its blur with ever more of them put in.

    Parameters
    ----------
    image : ndarray of shape (height, width, 3), float32
    heatmap : ndarray of shape (height, width), float32

    Returns
    -------
    deleted, inserted : ndarray of shape (N_STEPS - 1, height, width, 3), float32
        For the shares between 0 and 1.
    """
    chosen = (importance_rank(heatmap) < SHARES[1:-1, None, None])[..., np.newaxis]
    return np.where(chosen, image.mean(), image), np.where(chosen, image, blurred(image))


def importance_rank(heatmap: np.ndarray) -> np.ndarray:
    """Rank of each pixel as a share in [0, 1), 0 for the most important; ties are broken by smooth noise, not from the top left."""
    ties = smooth_noise(np.random.default_rng(SEED), *heatmap.shape)
    order = np.lexsort((ties.ravel(), -heatmap.ravel()))
    rank = np.empty(heatmap.size, np.float32)
    rank[order] = np.arange(heatmap.size) / heatmap.size
    return rank.reshape(heatmap.shape)


def area_between(scores: np.ndarray) -> np.ndarray:
    """Area under the insertion curve minus that under the deletion curve, by the trapezoid rule.

    Parameters
    ----------
    scores : ndarray of shape (n_maps, 2, N_STEPS + 1)
        Deletion first.

    Returns
    -------
    ndarray of shape (n_maps,), in [-1, 1]
    """
    areas = np.trapezoid(scores, dx=1.0 / N_STEPS, axis=-1)
    return areas[:, 1] - areas[:, 0]


def blurred(image: np.ndarray) -> np.ndarray:
    """A blur that leaves brightness and no detail; channels are equal, so one is enough."""
    radius = len(image) / BLUR
    grey = Image.fromarray(np.rint(image[..., 0]).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    return np.repeat(np.asarray(grey, np.float32)[..., np.newaxis], image.shape[-1], axis=-1)


def centred(height: int, width: int) -> np.ndarray:
    """A Gaussian in the middle: what a map gains that only knows that the chest is there.

    Parameters
    ----------
    height, width : int
        In pixels.

    Returns
    -------
    ndarray of shape (height, width), float32
    """
    y, x = (np.linspace(-1, 1, size, dtype=np.float32) for size in (height, width))
    return np.exp(-2.0 * (y[:, np.newaxis] ** 2 + x**2))


def smooth_noise(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """A random map as coarse as a CAM."""
    return resize_map(rng.random((RANDOM_CELLS, RANDOM_CELLS)), height, width)


def _curves(scores: np.ndarray) -> pd.DataFrame:
    curves = {}
    for index, what in enumerate(("deleted", "inserted")):
        curves[f"map, {what}"] = 100 * SHARES, scores[0, index]
        curves[f"centre, {what}"] = 100 * SHARES, scores[1, index]
        curves[f"random, {what}"] = 100 * SHARES, scores[2:, index].mean(axis=0)
    return table(**curves)


def _sentence(value: float, beaten: int, beats_centre: bool, passed: bool) -> str:
    middle = "beats" if beats_centre else "does not beat"
    ranked = "better" if value >= 0 else "worse"
    start = (
        f"The score follows the map's pixels {abs(value):.2f} {ranked} than those of random maps; "
        f"it beats {beaten} of {N_RANDOM} of them and {middle} a spot in the middle"
    )
    return f"{start}: the model uses what the map shows." if passed else f"{start}: an uninformed map would do as well."


def _unmoved(spread: float) -> str:
    return f"The class probability stays within {spread:.3f} whatever is deleted or inserted, so this check cannot judge the map."


DELETION_INSERTION = Trial(
    key="deletion_insertion",
    title="Deletion and insertion",
    explanation="Takes the map's most important pixels out of the image, and puts them into a blurred one, and follows the score.",
    reference="Petsiuk, Das, Saenko 2018, arXiv:1806.07421",
    unit="probability above random maps",
    kind="line",
    x_label="Pixels changed, most important first (%)",
    y_label="Probability of the class",
    run=run,
)
