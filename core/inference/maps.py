"""The maps of many films, for means and small pictures: Grad-CAM goes in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from core.images import to_rgb
from core.runs.run import Run
from core.saliency.compiled_model import BATCH_SIZE, probe_of
from core.saliency.explanation import as_heatmap
from core.saliency.looks import explain_view
from core.saliency.methods.grad_cam import GRAD_CAM, combine

if TYPE_CHECKING:
    import keras


def maps_of(
    run: Run, model: keras.Model, pixels: np.ndarray, rows: np.ndarray, called: np.ndarray, method: str
) -> Iterator[tuple[int, np.ndarray]]:
    """The heatmaps of many films, by Grad-CAM in batches.

    Parameters
    ----------
    run : Run
    model : keras.Model
    pixels : ndarray of shape (n, side, side), uint8
    rows : ndarray of shape (n_films,), int
        Of `pixels`.
    called : ndarray of shape (n_films,), int
        The class that each map speaks for.
    method : str

    Yields
    ------
    position : int
        In `rows`; not in their order.
    heatmap : ndarray of shape (side, side), float32
        In [0, 1].
    """
    view, probe = run.config.recipe.view, probe_of(model)
    if method != GRAD_CAM.key or view != "whole" or not probe.layers:
        for position, row in enumerate(rows):
            yield position, explain_view(model, np.array(pixels[row]), view, method, int(called[position])).heatmap
        return
    for class_id in np.unique(called):
        positions = np.flatnonzero(called == class_id)
        for start in range(0, len(positions), BATCH_SIZE):
            batch = positions[start : start + BATCH_SIZE]
            images = to_rgb(pixels[rows[batch]]).astype(np.float32)
            answers = probe.activations_and_gradients(images, int(class_id), probe.layers[0])
            for position, *one in zip(batch, *answers, strict=True):
                yield position, as_heatmap(combine(*one), images[0])
