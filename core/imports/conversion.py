"""A model from elsewhere made like those here: plain intensities in, ``logits`` and ``probabilities`` at the end, flat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import keras

from core.datasets.names import KNOWN_CLASSES, SUBTYPES
from core.errors import InputError

SCALES = {"0-255": None, "0-1": (1 / 255, 0.0), "-1-1": (1 / 127.5, -1.0)}  # factor and offset from intensities in [0, 255]
LINEAR = keras.activations.linear


def converted(model: keras.Model, classes: Sequence[str] | None, scale: str) -> tuple[keras.Model, tuple[str, ...]]:
    """The model as the rest of the project expects one, with the same weights, and its class names.

    Parameters
    ----------
    model : keras.Model
    classes : sequence of str, optional
        In the order of the model's outputs; normal first if None.
    scale : {"0-255", "0-1", "-1-1"}
        The intensities that the model was trained on.

    Returns
    -------
    model : keras.Model
        From intensities in [0, 255]; its outputs are in the order of the class names.
    class_names : tuple of str

    Raises
    ------
    InputError
        If its outputs are no probabilities of the known classes, or a name is not known.
    """
    headed, class_names = _with_head(model, classes)
    return _scaled(headed, scale), class_names


def load_foreign(path: Path) -> keras.Model:
    """Load a ``.keras`` file without running code that it may carry; raises InputError if it cannot be used."""
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


def side_of(model: keras.Model) -> int:
    """Side of the square pictures that a model takes, pixels; raises InputError if it takes others."""
    shape = tuple(model.inputs[0].shape)
    if len(shape) != 4 or shape[3] != 3 or shape[1] != shape[2] or shape[1] is None or not 8 <= shape[1] <= 4096:
        raise InputError(
            f"The model takes {shape[1:]}; it must take (side, side, 3) pictures of a fixed side, so bring its predictions as CSV."
        )
    return int(shape[1])


def _order(n_outputs: int, classes: Sequence[str] | None) -> tuple[tuple[str, ...], list[int]]:
    """The class names of the run, and which output of the model each of them is."""
    known = {1: KNOWN_CLASSES, 2: KNOWN_CLASSES, 3: SUBTYPES}
    if n_outputs not in known:
        raise InputError(f"The model gives {n_outputs} scores; it must give one of pneumonia, or one of each of two or three classes.")
    class_names = known[n_outputs]
    given = tuple(name.strip().upper() for name in classes) if classes else class_names
    if sorted(given) != sorted(class_names):
        raise InputError(f"A model of {n_outputs} outputs has the classes {', '.join(class_names)}; received {', '.join(given)}.")
    return class_names, [0] if n_outputs == 1 else [given.index(name) for name in class_names]


def _with_head(model: keras.Model, classes: Sequence[str] | None) -> tuple[keras.Model, tuple[str, ...]]:
    """The model with its end as all models here have it: ``logits``, then ``probabilities``, in the order of the class names."""
    dense, activation = _ending(model)
    class_names, order = _order(dense.units, classes)
    logits = keras.layers.Dense(dense.units, use_bias=dense.use_bias, name="logits")
    outputs = keras.layers.Activation(activation, dtype="float32", name="probabilities")(logits(dense.input))
    logits.set_weights([weights[..., order] for weights in dense.get_weights()])
    return keras.Model(model.inputs[0], outputs, name=model.name), class_names


def _ending(model: keras.Model) -> tuple[keras.layers.Dense, str]:
    """The last Dense layer and the activation that makes its outputs probabilities."""
    *_, before, last = [None, *model.layers]
    apart = isinstance(last, keras.layers.Softmax | keras.layers.Activation) and getattr(before, "activation", None) is LINEAR
    dense = before if apart else last
    if not isinstance(dense, keras.layers.Dense):
        raise InputError("The model does not end in a Dense layer with a softmax or a sigmoid; bring its predictions as CSV instead.")
    activation = "softmax" if isinstance(last, keras.layers.Softmax) else last.activation.__name__
    if activation != "softmax" and (activation, dense.units) != ("sigmoid", 1):
        raise InputError(f"The model ends in {dense.units} × {activation}, no probabilities; end it in a softmax, or in one sigmoid.")
    return dense, activation


def _scaled(model: keras.Model, scale: str) -> keras.Model:
    """The model with its intensities scaled inside: flat, so that every layer stays in reach of the saliency methods."""
    if scale not in SCALES:
        raise InputError(f"A scale is one of {', '.join(SCALES)}; received {scale!r}.")
    if SCALES[scale] is None:
        return model
    inputs = keras.Input(model.inputs[0].shape[1:], name="image")
    scaled = keras.layers.Rescaling(*SCALES[scale], name="intensities")(inputs)
    return keras.Model(inputs, model.call(scaled), name=model.name)  # `call`, not the model itself, which would become one nested layer
