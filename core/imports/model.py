"""A Keras model from elsewhere becomes a run: loaded without running code it may carry, checked, and scored once on the test images."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from core.datasets import Dataset
from core.datasets.pixels import pixel_store
from core.errors import InputError
from core.images import Resize
from core.imports.conversion import converted, load_foreign, side_of
from core.imports.predictions import store
from core.imports.reference import Reference
from core.inference import predict
from core.parallel import Progress
from core.run import Run

TOLERANCE = 0.01


def import_model(
    path: str | Path,
    dataset: Dataset,
    title: str = "",
    threshold: float = 0.5,
    scale: str = "0-255",
    resize: Resize = "squash",
    classes: Sequence[str] | None = None,
    models: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Check a model, score the test images with it, and store both as a run.

    Parameters
    ----------
    path : str or Path
        A ``.keras`` file: input (side, side, 3); output softmax of two or three classes, or one sigmoid for pneumonia.
    dataset : Dataset
        With pixels; all of its test images are scored.
    title : str
        What the run is called on the pages; the file's name if empty.
    threshold : float
        Operating point; there are no validation scores to choose one on, because what the model was trained on is not known.
    scale : {"0-255", "0-1", "-1-1"}
        The intensities that the model was trained on; the stored copy takes [0, 255] and scales them itself.
    resize : {"squash", "pad"}
    classes : sequence of str, optional
        The classes in the order of the model's outputs; NORMAL, PNEUMONIA or NORMAL, BACTERIAL, VIRAL if None. In another order
        the last layer's outputs are put into that one.
    models : str or Path, optional
        Folder of runs.
    progress : callable of (int, int), optional

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the model or the data cannot be used; no run is made then.
    """
    path = Path(path).expanduser()
    loaded = load_foreign(path)
    side = side_of(loaded)
    model, class_names = converted(loaded, classes, scale)
    test = np.flatnonzero((dataset.samples["split"] == "test").to_numpy())
    if not dataset.has_pixels or not len(test):
        raise InputError("A model is scored on test images, and there are none here: give --data DATA or set PNEUMOLENS_DATA.")
    reference = Reference.of_dataset(dataset)
    sample_ids = dataset.samples["sample_id"].iloc[test].reset_index(drop=True)
    table = pd.DataFrame({"sample_id": sample_ids, "split": "test", "y_true": reference.labels(sample_ids, class_names)})
    pixels, began = pixel_store(dataset, side, resize), time.monotonic()
    scores = _checked(predict(model, pixels, test, progress))
    table[[f"p_{name}" for name in class_names]] = scores
    facts = _facts(model, (time.monotonic() - began) / len(test) * 1e3)
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "model.keras"
        model.save(bare)
        facts["model_bytes"] = bare.stat().st_size
        return store(table, class_names, title or path.stem, threshold, reference, models, path.name, bare, facts, side, resize)


def _checked(scores: np.ndarray) -> np.ndarray:
    """The scores if they are probabilities; a model that gives logits is refused."""
    if not np.isfinite(scores).all():
        raise InputError("The model gives scores that are not numbers; check the scale of its intensities.")
    if scores.min() < 0 or scores.max() > 1 or np.abs(scores.sum(axis=1) - 1).max() > TOLERANCE:
        least, most = scores.min(), scores.max()
        raise InputError(f"The model gives scores from {least:.3g} to {most:.3g}, no probabilities; bring its predictions as CSV instead.")
    return scores


def _facts(model: keras.Model, milliseconds: float) -> dict:
    trainable = int(sum(np.prod(weight.shape) for weight in model.trainable_weights))
    return {"params_total": model.count_params(), "params_trainable": trainable, "milliseconds_per_image": round(milliseconds, 2)}
