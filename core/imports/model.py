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
from core.datasets.names import KNOWN_CLASSES, SUBTYPES
from core.datasets.pixels import pixel_store
from core.errors import InputError
from core.images import Resize
from core.imports.predictions import store
from core.imports.reference import Reference
from core.inference import predict
from core.parallel import Progress
from core.runs import Run

SCALES = {"0-255": None, "0-1": (1 / 255, 0.0), "-1-1": (1 / 127.5, -1.0)}  # factor and offset from intensities in [0, 255]
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
    model = _scaled(_load(path), scale)
    side, class_names = _side(model), _ordered(model, classes)
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


def _load(path: Path) -> keras.Model:
    if not path.is_file() or path.suffix != ".keras":
        raise InputError(f"{str(path)!r} is no .keras file; save the model with model.save('name.keras') or bring its predictions as CSV.")
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # zip, HDF5 and deserialisation errors of many kinds
        reason = "it carries a Lambda layer, whose code is not run" if "ambda" in str(error) else "it is broken or needs code of its own"
        raise InputError(f"{path.name!r} cannot be loaded: {reason}; bring its predictions as CSV instead.") from None
    if not isinstance(model, keras.Model) or len(model.inputs) != 1 or len(model.outputs) != 1:
        raise InputError(f"{path.name!r} must have one input and one output; bring its predictions as CSV instead.")
    return model


def _side(model: keras.Model) -> int:
    shape = tuple(model.inputs[0].shape)
    if len(shape) != 4 or shape[3] != 3 or shape[1] != shape[2] or shape[1] is None or not 8 <= shape[1] <= 4096:
        raise InputError(
            f"The model takes {shape[1:]}; it must take (side, side, 3) pictures of a fixed side, so bring its predictions as CSV."
        )
    return int(shape[1])


def _ordered(model: keras.Model, classes: Sequence[str] | None) -> tuple[str, ...]:
    """The class names of the run; the model's last layer is put into their order."""
    shape = tuple(model.outputs[0].shape)
    known = {1: KNOWN_CLASSES, 2: KNOWN_CLASSES, 3: SUBTYPES}
    if len(shape) != 2 or shape[1] not in known:
        raise InputError(f"The model gives {shape[1:]}; it must give one probability of pneumonia, or one of each of two or three classes.")
    class_names = known[shape[1]]
    given = tuple(name.strip().upper() for name in classes) if classes else class_names
    if sorted(given) != sorted(class_names):
        raise InputError(f"A model of {shape[1]} outputs has the classes {', '.join(class_names)}; received {', '.join(given)}.")
    if given != class_names:
        _permute(model, [given.index(name) for name in class_names])
    return class_names


def _permute(model: keras.Model, order: list[int]) -> None:
    dense = next((layer for layer in reversed(model.layers) if layer.weights), None)
    if not isinstance(dense, keras.layers.Dense) or dense.units != len(order):
        raise InputError("The model's outputs cannot be put in order, for it does not end in a Dense layer; bring its predictions as CSV.")
    dense.set_weights([weights[..., order] for weights in dense.get_weights()])


def _scaled(model: keras.Model, scale: str) -> keras.Model:
    """The model with its intensities scaled inside: flat, so that every layer stays in reach of the saliency methods."""
    if scale not in SCALES:
        raise InputError(f"A scale is one of {', '.join(SCALES)}; received {scale!r}.")
    if SCALES[scale] is None:
        return model
    inputs = keras.Input(model.inputs[0].shape[1:], name="image")
    scaled = keras.layers.Rescaling(*SCALES[scale], name="intensities")(inputs)
    return keras.Model(inputs, model.call(scaled), name=model.name)  # `call`, not the model itself, which would become one nested layer


def _checked(scores: np.ndarray) -> np.ndarray:
    """The scores if they are probabilities; a model that gives logits is refused."""
    if not np.isfinite(scores).all():
        raise InputError("The model gives scores that are not numbers; check the scale of its intensities.")
    if scores.min() < 0 or scores.max() > 1 or np.abs(scores.sum(axis=1) - 1).max() > TOLERANCE:
        least, most = scores.min(), scores.max()
        raise InputError(f"The model gives scores from {least:.3g} to {most:.3g}, no probabilities; end it in a softmax or a sigmoid.")
    return scores


def _facts(model: keras.Model, milliseconds: float) -> dict:
    trainable = int(sum(np.prod(weight.shape) for weight in model.trainable_weights))
    return {"params_total": model.count_params(), "params_trainable": trainable, "milliseconds_per_image": round(milliseconds, 2)}
