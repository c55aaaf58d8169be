"""A model's logits as a model of their own, built once for each model and kept as long as it lives.

Explanations take logits: the gradient of a saturated probability is zero and its map empty. The logits model shares the
given model's layers and weights and changes neither.
"""

import threading
from dataclasses import dataclass, field
from functools import partial
from weakref import WeakKeyDictionary

from core.errors import InputError

LOGITS = "logits"


@dataclass(frozen=True)
class _Entry:
    """What is kept for one model; ``twin`` is its float32 copy, if it needs one."""

    logits_model: object
    twin: object | None
    lock: threading.Lock = field(default_factory=threading.Lock)


_entries = WeakKeyDictionary()  # weak: an entry goes with its model, and a new model never meets an old one's entry
_entries_lock = threading.Lock()


def logits_model(model):
    """Build, or find again, the part of a model that ends in one logit for each class.

    Parameters
    ----------
    model : keras.Model
        Flat functional model with a layer named ``logits``, as `core.architectures` builds them.

    Returns
    -------
    keras.Model
        Input as the model's own; output float32 of shape (n, n_classes). A softmax model gives its ``logits``; a single
        sigmoid gives [-z / 2, z / 2], whose softmax is [1 - sigmoid(z), sigmoid(z)], so that both classes have a score.
        A model in mixed precision is copied to float32 first: half-precision gradients underflow and sums over channels
        lose their digits. The copy takes the model's weights anew at each call.

    Raises
    ------
    InputError
        If the model has no layer named ``logits``.
    """
    entry = _entry(model)
    if entry.twin is not None:
        for copy, original in zip(entry.twin.weights, model.weights, strict=True):
            copy.assign(original)
    return entry.logits_model


def explanation_lock(model):
    """The lock under which a model is explained: Keras traces and predicts one call at a time."""
    return _entry(model).lock


def spatial_layers(model):
    """Names of the layers that a CAM can be made of.

    Parameters
    ----------
    model : keras.Model
        As for `logits_model`.

    Returns
    -------
    list of str
        Layers with an output of shape (n, height, width, channels) and sides of 2 or more, last first, preprocessing
        left out. The first name is the default: the last layer that every path to the logits crosses (``mixed10`` in
        InceptionV3, where the last convolution is only one of several branches).
    """
    names = [layer.name for layer in reversed(_learned_layers(model)) if _is_spatial(layer.output.shape)]
    shared = _shared_by_all_paths(logits_model(model))
    start = next((i for i, name in enumerate(names) if name in shared), 0)
    return names[start:]


def _learned_layers(model):
    layers = logits_model(model).layers
    first = next(i for i, layer in enumerate(layers) if layer.weights)
    return layers[first:]


def _is_spatial(shape):
    return len(shape) == 4 and min(shape[1], shape[2]) >= 2


def _shared_by_all_paths(model):
    """Names of the operations that no path from the input to the output avoids.

    Walks from the output to the input and keeps the operations that still have to deliver something: where a single
    one is left, everything passes through it.
    """
    shared, awaited = set(), {tensor._keras_history.operation for tensor in model.outputs}
    for operation in reversed(model.operations):  # consumers before producers
        if awaited == {operation}:
            shared.add(operation.name)
        awaited.discard(operation)
        awaited |= {tensor._keras_history.operation for node in operation._inbound_nodes[:1] for tensor in node.input_tensors}
    return shared


def _entry(model):
    with _entries_lock:
        if model not in _entries:
            _entries[model] = _build(model)
        return _entries[model]


def _build(model):
    import keras

    if LOGITS not in {layer.name for layer in model.layers}:
        names = ", ".join(layer.name for layer in model.layers[-3:])
        raise InputError(
            f"the model has no layer named '{LOGITS}' (its last layers are {names}): explain a model built by core.architectures"
        )
    twin = _float32_copy(model) if _is_mixed_precision(model) else None
    source = twin or model
    output = source.get_layer(LOGITS).output
    if output.shape[-1] == 1:
        output = keras.layers.Concatenate(dtype="float32", name="two_logits")([output * -0.5, output * 0.5])
    logits = keras.Model(source.inputs, output)
    logits.jit_compile = False  # Keras would compile predict with XLA, which is slower on a CPU
    logits.predict = partial(logits.predict, verbose=0)  # Score-CAM predicts; standard output is the caller's
    return _Entry(logits, twin)


def _is_mixed_precision(model):
    return any(layer.compute_dtype != "float32" for layer in model.layers if layer.weights)


def _float32_copy(model):
    import keras

    def in_float32(layer):
        return layer.__class__.from_config(layer.get_config() | {"dtype": "float32"})

    return keras.models.clone_model(model, clone_function=in_float32)
