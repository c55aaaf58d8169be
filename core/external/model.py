"""A Keras model from elsewhere becomes a run: loaded without running code it may carry, taken apart, and scored once on the test images."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from core.datasets import Dataset
from core.datasets.pixel_store import pixel_store
from core.errors import InputError
from core.external.conversion import Converted, converted
from core.external.known_images import Reference
from core.external.predictions import store
from core.external.scales import scale_named
from core.external.trial import try_scales
from core.images import Resize
from core.inference.predict import predict
from core.model_files.loading import load_foreign
from core.parallel import Progress
from core.runs.run import Run

NO_IMAGES = "A model is scored on test images, and there are none here: give --data DATA or set PNEUMOLENS_DATA."


def import_model(
    path: str | Path,
    dataset: Dataset,
    title: str = "",
    threshold: float | None = None,
    scale: str = "0-255",
    resize: Resize = "squash",
    classes: Sequence[str] | None = None,
    models: str | Path | None = None,
    progress: Progress | None = None,
    side: int | None = None,
    outputs: str = "auto",
) -> Run:
    """Check a model, score the test images with it, and store both as a run.

    Parameters
    ----------
    path : str or Path
        A ``.keras`` or ``.h5`` file. Input of one or three channels, last; output a softmax, or one sigmoid, or their logits.
    dataset : Dataset
        With pixels; all of its test images are scored.
    title : str
        What the run is called on the pages; the file's name if empty.
    threshold : float
        Operating point of two classes; the recommended one, 0.5, if None. What the model was trained on is not known, so there are no
        validation scores to choose another one on.
    scale : {"0-255", "0-1", "-1-1", "caffe", "torch", "none", "tf"}
        The intensities that the model was trained on; the stored copy takes [0, 255] and scales them itself.
    resize : {"squash", "pad"}
    classes : sequence of str, optional
        The classes in the order of the model's outputs; of one output, its 0 and its 1. The data set's own order if None.
    models : str or Path, optional
        Folder of runs.
    progress : callable of (int, int), optional
    side : int, optional
        Of the pictures, for a model that takes any size; 224 if None.
    outputs : {"auto", "probabilities", "logits"}
        What the model gives; ``auto`` goes by its last layer and by the loss that it was trained with.

    Returns
    -------
    Run
        Its card has ``scale``, ``notes`` and ``scales``: what was chosen, assumed and tried.

    Raises
    ------
    InputError
        If the model or the data cannot be used; no run is made then.
    """
    path = Path(path).expanduser()
    brought, scale = _brought(path, dataset, scale, resize, classes, side, outputs)
    tried = try_scales(brought, dataset, resize)
    model, reference = brought.on_scale(scale), Reference.of_dataset(dataset)
    table, milliseconds = _scored(model, brought, dataset, reference, resize, progress)
    names = brought.order.class_names
    facts = {
        "params_total": brought.params_total, "params_trainable": brought.params_trainable, "milliseconds_per_image": milliseconds,
        "scale": scale, "notes": list(brought.notes), "scales": tried,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "model.keras"
        model.save(bare)
        facts["model_bytes"] = bare.stat().st_size
        side = brought.picture.side
        return store(table, names, title or path.stem, threshold, reference, models, path.name, bare, facts, side, resize)


def look_at_model(
    path: str | Path,
    dataset: Dataset,
    resize: Resize = "squash",
    classes: Sequence[str] | None = None,
    side: int | None = None,
    outputs: str = "auto",
) -> tuple[list[dict], tuple[str, ...]]:
    """What `core.external.trial.try_scales` finds for a model that is not imported yet, and its notes; raises as `import_model` does."""
    brought, _ = _brought(Path(path), dataset, "0-255", resize, classes, side, outputs)
    return try_scales(brought, dataset, resize), brought.notes


def _brought(
    path: Path, dataset: Dataset, scale: str, resize: Resize, classes: Sequence[str] | None, side: int | None, outputs: str
) -> tuple[Converted, str]:
    """The model taken apart, and its scale by its own name; raises InputError if either cannot be used or there are no test images."""
    scale_named(scale)
    loaded, contents = load_foreign(path)
    if not dataset.has_pixels or not (dataset.samples["split"] == "test").any():
        raise InputError(NO_IMAGES)
    Reference.of_dataset(dataset).require_positive()
    brought = converted(loaded, Reference.of_dataset(dataset).schemes, classes, side, outputs, contents.from_logits)
    if resize == "pad" and brought.picture.height != brought.picture.width:
        raise InputError(
            f"The model takes pictures of {brought.picture}, and padding is to a square; choose squash, which stretches each to that shape."
        )
    return brought, scale_named(scale, brought.picture.n_channels)


def _scored(
    model: keras.Model, brought: Converted, dataset: Dataset, reference: Reference, resize: Resize, progress: Progress | None
) -> tuple[pd.DataFrame, float]:
    """Predictions of the test images, and the milliseconds that one took."""
    names = brought.order.class_names
    test = np.flatnonzero((dataset.samples["split"] == "test").to_numpy())
    sample_ids = dataset.samples["sample_id"].iloc[test].reset_index(drop=True)
    table = pd.DataFrame({"sample_id": sample_ids, "split": "test", "y_true": reference.labels(sample_ids, names)})
    pixels, began = pixel_store(dataset, brought.picture.side, resize), time.monotonic()
    table[[f"p_{name}" for name in names]] = _checked(predict(model, pixels, test, progress))
    return table, round((time.monotonic() - began) / len(test) * 1e3, 2)


def _checked(scores: np.ndarray) -> np.ndarray:
    """The scores, if they are numbers."""
    if not np.isfinite(scores).all():
        raise InputError("The model gives scores that are not numbers; check the scale of its intensities.")
    return scores
