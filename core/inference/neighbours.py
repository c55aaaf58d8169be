"""The training images that look to a model most like a film."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.inference.prediction import Neighbour
from core.input_checks import Reference
from core.input_checks.feature_distance import features
from core.runs.store import Run

if TYPE_CHECKING:
    import keras


def nearest(run: Run, reference: Reference, values: np.ndarray, k: int) -> tuple[Neighbour, ...]:
    """The training images that the model finds most alike, of whatever class.

    Parameters
    ----------
    run : Run
    reference : Reference
    values : ndarray of shape (1, n_features), float32
        Features of the film.
    k : int

    Returns
    -------
    tuple of Neighbour
        The nearest first.
    """
    (rows,), (distances,) = reference.embedding.nearest(values, k)
    return _as_neighbours(run, reference, rows, distances)


def neighbours_by_class(
    run: Run, model: keras.Model, reference: Reference, image: np.ndarray, k: int = 4
) -> dict[str, tuple[Neighbour, ...]]:
    """The training images of each class that the model finds most alike, however far they are.

    Parameters
    ----------
    run : Run
    model : keras.Model
    reference : Reference
    image : ndarray of shape (side, side), uint8
        As the model takes it.
    k : int
        Of each class.

    Returns
    -------
    dict of str to tuple of Neighbour
        By class in the run's order, the nearest first; empty for a class without training images.
    """
    values = features(model, image[np.newaxis])[1]
    (rows,), (distances,) = reference.embedding.nearest(values, len(reference.y_true))  # of all, in order: a few thousand distances
    classes = reference.y_true[rows]
    found = {name: np.flatnonzero(classes == class_id)[:k] for class_id, name in enumerate(run.config.class_names)}
    return {name: _as_neighbours(run, reference, rows[places], distances[places]) for name, places in found.items()}


def _as_neighbours(run: Run, reference: Reference, rows: np.ndarray, distances: np.ndarray) -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(str(reference.sample_ids[row]), run.config.class_names[reference.y_true[row]], float(distance))
        for row, distance in zip(rows, distances, strict=True)
    )
