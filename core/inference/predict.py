"""A trained model to probabilities: of images, and of the validation and test splits of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from core.datasets.pixel_store import row_file
from core.errors import InputError
from core.images import to_rgb
from core.images.views import VIEWS, Look, Through
from core.inference.ensemble import load_ensemble
from core.model_files.kinds import KERAS
from core.model_files.outside import sizes_outside
from core.parallel import Progress
from core.runs.origin import how_again
from core.runs.run import Run

if TYPE_CHECKING:
    import keras

FEW, FEW_SIDE = 32, 512  # images, and their side: so many fit into memory at once whatever the model


def load_model(run: Run) -> keras.Model:
    """Load a run's model without running any code that it may carry.

    Parameters
    ----------
    run : Run

    Returns
    -------
    keras.Model

    Raises
    ------
    InputError
        If the model file is missing or cannot be loaded.
    """
    import keras

    from core.model_files.weights import check_weights

    if run.config.members:
        return load_ensemble(run, load_model)
    if not run.model_path.is_file():
        raise InputError(f"The run {run.name!r} has no model file; {_remedy(run)}")
    try:
        check_weights(run.model_path, KERAS, *sizes_outside(run.model_path))  # a run may come from anybody
    except InputError as error:
        raise InputError(f"The model file of the run {run.name!r} is refused: {error}") from None
    try:
        model = keras.models.load_model(run.model_path, compile=False, safe_mode=True)
    except Exception:  # zip, HDF5 and deserialisation errors of many kinds
        raise InputError(f"The model file of the run {run.name!r} cannot be loaded; it is broken or of another Keras version.") from None
    return _flat(model)


def _remedy(run: Run) -> str:
    """What gives a run its model."""
    if run.config.system == "imported":
        return "a table of scores came without its model: import the .keras file that made them, with: python -m core import MODEL.keras"
    return how_again(run.config)


def _flat(model: keras.Model) -> keras.Model:
    """Runs imported by earlier versions may have a backbone nested as one layer, into which no map can look."""
    from core.model_files.flattening import flattened, is_nested

    return flattened(model) if is_nested(model) else model


def predict(
    model: keras.Model, pixels: np.ndarray, rows: np.ndarray | None = None, progress: Progress | None = None, view: str = "whole"
) -> np.ndarray:
    """Probabilities of images.

    Parameters
    ----------
    model : keras.Model
        With a softmax output, or one sigmoid output for class 1.
    pixels : ndarray of shape (n, side, side), uint8
        Intensities in [0, 255].
    rows : ndarray of shape (m,), int, optional
        Which rows; all if None.
    progress : callable of (int, int), optional
    view : str
        A key of `core.images.views.VIEWS`; probabilities are averaged over its looks.

    Returns
    -------
    ndarray of shape (m, n_classes), float64
        Rows sum to 1; a sigmoid model gives two columns. Computed from the logits where the model has some: in float32 all
        probabilities above 0.99999997 are 1, and which image has the larger is lost.
    """
    rows = np.arange(len(pixels)) if rows is None else rows
    asked = _asked_for_logits(model)

    def look_through(look: Look, shown: Progress | None) -> np.ndarray:
        scores = _predict(asked or model, pixels, look, rows, shown)
        return probabilities_of(scores) if asked else both_columns(scores.astype(np.float64))

    return mean_over(view, look_through, progress)


def mean_over(view: str, look_through: Callable[[Look, Progress | None], np.ndarray], progress: Progress | None) -> np.ndarray:
    """Probabilities averaged over the looks of a view, with one progress for all of them.

    Parameters
    ----------
    view : str
        A key of `core.images.views.VIEWS`.
    look_through : callable of Look, callable of (int, int) or None
        Scores of one look.
    progress : callable of (int, int) or None

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float
    """
    looks = VIEWS[view]

    def of_all(number: int) -> Progress | None:
        return progress and (lambda done, total: progress(number * total + done, len(looks) * total))

    return np.mean([look_through(look, of_all(number)) for number, look in enumerate(looks)], axis=0)


def probabilities_of(logits: np.ndarray) -> np.ndarray:
    """Probabilities from logits; one logit speaks for the second of two classes.

    Parameters
    ----------
    logits : ndarray of shape (n, n_classes) or (n, 1)

    Returns
    -------
    ndarray of shape (n, n_classes), float64
    """
    logits = logits.astype(np.float64)
    logits = np.hstack([np.zeros_like(logits), logits]) if logits.shape[1] == 1 else logits
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def _asked_for_logits(model: keras.Model) -> keras.Model | None:
    """The part of a model that ends in its logits; None unless nothing but an activation comes after them."""
    import keras

    last = model.layers[-1]
    if not isinstance(last, keras.layers.Activation) or last.name != "probabilities":
        return None
    (given,) = last._inbound_nodes[0].input_tensors
    whole = keras.activations.sigmoid if given.shape[-1] == 1 else keras.activations.softmax
    return keras.Model(model.input, given) if last.activation is whole else None


def both_columns(scores: np.ndarray) -> np.ndarray:
    """A sigmoid's one column becomes two; others stay.

    Parameters
    ----------
    scores : ndarray of shape (n_samples, 1) or (n_samples, n_classes), float

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float
    """
    return np.hstack([1 - scores, scores]) if scores.shape[1] == 1 else scores


def _predict(model: keras.Model, pixels: np.ndarray, look: Look, rows: np.ndarray, progress: Progress | None) -> np.ndarray:
    if len(rows) <= FEW and pixels.shape[1] <= FEW_SIDE:
        return _predict_few(model, look.at(pixels[rows]))
    return _predict_many(model, Through(row_file(pixels), look), rows, progress)


def _predict_few(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """One direct call: no data pipeline to set up, and safe when several sessions share the model."""
    import keras

    return keras.ops.convert_to_numpy(model(to_rgb(images).astype(np.float32), training=False)).astype(np.float32)


def _predict_many(model: keras.Model, pixels: Through, rows: np.ndarray, progress: Progress | None) -> np.ndarray:
    from core.architectures.footprint import images_at_once
    from core.inference.batches import PlainBatches

    return predict_batches(model, PlainBatches(pixels, rows, batch_size=images_at_once(model, pixels.shape[1])), progress)


def predict_batches(model: keras.Model, batches: keras.utils.PyDataset, progress: Progress | None) -> np.ndarray:
    """What a model answers to batches, float32, with the progress in images.

    Parameters
    ----------
    model : keras.Model
    batches : keras.utils.PyDataset
    progress : callable of (int, int) or None

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float
    """
    import keras

    n_images = len(batches.rows)

    def report(batch: int, logs: dict | None = None) -> None:
        if progress:
            progress(min((batch + 1) * batches.batch_size, n_images), n_images)

    callbacks = [keras.callbacks.LambdaCallback(on_predict_batch_end=report)]
    return np.asarray(model.predict(batches, verbose=0, callbacks=callbacks), dtype=np.float32)
