"""A model's logits as a model of their own, and the layers that a CAM can be made of.

Explanations take logits: the gradient of a saturated probability is zero and its map empty. The logits model shares the
given model's layers and weights and changes neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import InputError

if TYPE_CHECKING:
    import keras

LOGITS = "logits"
CUTTING, SLICING = ("CenterCrop", "RandomCrop", "Cropping2D"), ("GetItem", "Slice")


def build_logits_model(model: keras.Model) -> tuple[keras.Model, list[tuple[keras.Variable, keras.Variable]]]:
    """Build the part of a model that ends in one logit for each class.

    Parameters
    ----------
    model : keras.Model
        Flat functional model with a layer named ``logits``, as `core.architectures` builds them.

    Returns
    -------
    logits_model : keras.Model
        Input as the model's own; output float32 of shape (n, n_classes). A softmax model gives its ``logits``; a single
        sigmoid gives [-z / 2, z / 2], whose softmax is [1 - sigmoid(z), sigmoid(z)], so that both classes have a score.
    copies : list of (keras.Variable, keras.Variable)
        A model in mixed precision is copied to float32: half-precision gradients underflow and sums over channels lose
        their digits. The pairs are (copy, original), to take the weights anew; empty for a float32 model.

    Raises
    ------
    InputError
        If the model has no layer named ``logits``.
    """
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
    return keras.Model(source.inputs, output), list(zip(twin.weights, model.weights, strict=True)) if twin else []


def find_spatial_layers(logits_model: keras.Model) -> list[str]:
    """Names of the layers that a CAM can be made of.

    Parameters
    ----------
    logits_model : keras.Model

    Returns
    -------
    list of str
        Layers with an output of shape (n, height, width, channels) and sides of 2 or more, last first, preprocessing
        left out. The first name is the default: the last layer that every path to the logits crosses (``mixed10`` in
        InceptionV3, where the last convolution is only one of several branches). Empty for a model that cuts the picture before
        it looks: a map of its layers would be laid over the whole picture, and so in the wrong place.
    """
    before, learned = _split_at_first_learned(logits_model)
    if any(_cuts(operation) for operation in before):
        return []
    names = [operation.name for operation in reversed(learned) if _is_spatial(getattr(operation.output, "shape", ()))]
    shared = _shared_by_all_paths(logits_model)
    start = next((i for i, name in enumerate(names) if name in shared), 0)
    return names[start:]


def is_one_of_branches(logits_model: keras.Model, name: str) -> bool:
    """Whether some path from the image to the logits avoids a layer, so that a map of it shows part of what the model uses."""
    return name not in _shared_by_all_paths(logits_model)


def output_of(model: keras.Model, name: str) -> keras.KerasTensor:
    """The output of a model's layer or bare operation."""
    return next(operation for operation in model.operations if operation.name == name).output


def _cuts(operation: keras.Operation) -> bool:
    """Whether it leaves out part of the picture."""
    if type(operation).__name__ in SLICING:
        given = operation._inbound_nodes[0].input_tensors[0].shape
        return tuple(operation.output.shape)[1:3] != tuple(given)[1:3]
    return type(operation).__name__ in CUTTING or getattr(operation, "crop_to_aspect_ratio", False)


def _split_at_first_learned(model: keras.Model) -> tuple[list[keras.Operation], list[keras.Operation]]:
    """The operations before the first with weights, and the others."""
    operations = model.operations
    first = next((i for i, operation in enumerate(operations) if getattr(operation, "weights", ())), len(operations))
    return operations[:first], operations[first:]


def _is_spatial(shape: tuple[int | None, ...]) -> bool:
    return len(shape) == 4 and None not in shape[1:] and all(side is not None and side >= 2 for side in shape[1:3])


def _shared_by_all_paths(model: keras.Model) -> set[str]:
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


def _is_mixed_precision(model: keras.Model) -> bool:
    return any(layer.compute_dtype != "float32" for layer in model.layers if layer.weights)


def _float32_copy(model: keras.Model) -> keras.Model:
    import keras

    def in_float32(layer: keras.Layer) -> keras.Layer:
        return layer.__class__.from_config(layer.get_config() | {"dtype": "float32"})

    return keras.models.clone_model(model, clone_function=in_float32)
