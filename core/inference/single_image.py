"""Score one image with one run, and its views: read, check, predict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.images import Source, gate
from core.images.views import VIEWS
from core.inference.decide import calibrated, decide
from core.inference.neighbours import nearest
from core.inference.prediction import Prediction
from core.input_checks import Finding, Reference, check_quality
from core.input_checks.feature_distance import features
from core.runs.store import Run

if TYPE_CHECKING:
    import keras

SHIFT = 0.03  # of the side
SHIFTS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))  # each as it is and mirrored
N_VIEWS = 2 * len(SHIFTS)


def predict_image(
    run: Run, model: keras.Model, source: Source | gate.Film, reference: Reference | None = None, n_neighbours: int = 6
) -> Prediction:
    """Decode one image, check it, and predict it and its views at the run's own operating point.

    Parameters
    ----------
    run : Run
    model : keras.Model
        The run's model.
    source : str, Path, bytes or Film
    reference : Reference, optional
        The run's training images, from `core.input_checks.open_reference`.
    n_neighbours : int

    Returns
    -------
    Prediction

    Raises
    ------
    ImageError
        If the image cannot be used.
    """
    film = gate.Film.of(source)
    return first_look(run, model, film, reference, n_neighbours).with_views(score_views(run, model, film))


def first_look(
    run: Run, model: keras.Model, source: Source | gate.Film, reference: Reference | None = None, n_neighbours: int = 6
) -> Prediction:
    """The same without the views, from one pass of one image: what a page shows first.

    Parameters
    ----------
    run : Run
    model : keras.Model
    source : str, Path, bytes, file or Film
    reference : Reference, optional
    n_neighbours : int
        Training images that look most alike.

    Returns
    -------
    Prediction
    """
    pixels, findings = as_taken(run, source)
    scores, values = score_films(run, model, pixels[np.newaxis])
    if reference:
        findings += reference.check(pixels, values[0])
    neighbours = nearest(run, reference, values, n_neighbours) if reference else ()
    return replace(decide(run, scores, findings, reference is not None, neighbours), calibrated=calibrated(run, scores))


def as_taken(run: Run, source: Source | gate.Film) -> tuple[np.ndarray, list[Finding]]:
    """A film as the run's model takes it, and what the picture alone tells against a score.

    Parameters
    ----------
    run : Run
    source : str, Path, bytes, file or Film

    Returns
    -------
    pixels : ndarray of shape (side, side), uint8
    findings : list of Finding
    """
    film = gate.Film.of(source)
    pixels, header = gate.read_with_header(film, run.config.image_size, run.config.recipe.resize)
    return pixels, check_quality(film, pixels, header.width, header.height)


def score_films(run: Run, model: keras.Model, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of films under the run's view, and their features.

    Parameters
    ----------
    run : Run
    model : keras.Model
    images : ndarray of shape (n, side, side), uint8

    Returns
    -------
    probabilities : ndarray of shape (n, n_classes), float32
    features : ndarray of shape (n, n_features), float32
        Of the whole frame whatever the view: by it the films that are unlike the training films are known.
    """
    scores, values = features(model, images)
    return (scores if run.config.recipe.view == "whole" else ask(run, model, images)), values


def score_views(run: Run, model: keras.Model, source: Source | gate.Film) -> list[list[float]]:
    """Probabilities of the views of an image but the first, which is the image itself: how steady a first look is.

    Parameters
    ----------
    run : Run
    model : keras.Model
    source : str, Path, bytes, file or Film

    Returns
    -------
    list of list of float
    """
    pixels = gate.read_with_header(source, run.config.image_size, run.config.recipe.resize)[0]
    return ask(run, model, views(pixels)[1:]).tolist()


def ask(run: Run, model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Probabilities of films as the run's model takes them, averaged over the looks of the run's view.

    Parameters
    ----------
    run : Run
    model : keras.Model
    images : ndarray of shape (n, side, side), uint8

    Returns
    -------
    ndarray of shape (n, n_classes), float32
    """
    return np.mean([features(model, look.at(images))[0] for look in VIEWS[run.config.recipe.view]], axis=0)


def views(pixels: np.ndarray) -> np.ndarray:
    """An image shifted by 3 % of its side in each direction, and all that mirrored.

    Parameters
    ----------
    pixels : ndarray of shape (side, side), uint8

    Returns
    -------
    ndarray of shape (10, side, side), uint8
        The first is the image itself; what a shift uncovers repeats the edge.
    """
    step = max(1, round(SHIFT * len(pixels)))
    padded, side = np.pad(pixels, step, mode="edge"), len(pixels)
    shifted = [padded[step * (1 + y) : step * (1 + y) + side, step * (1 + x) : step * (1 + x) + side] for y, x in SHIFTS]
    return np.stack([*shifted, *(image[:, ::-1] for image in shifted)])
