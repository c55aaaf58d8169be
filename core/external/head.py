"""The end of a model from elsewhere made like that of those here: ``logits``, then ``probabilities``, in the order of the classes."""

from __future__ import annotations

from dataclasses import dataclass

import keras

from core.errors import InputError
from core.external.scales import named
from core.model_files.flattening import copy_of, put_weights

PASSING = (keras.layers.Dropout, keras.layers.Identity, keras.layers.GaussianNoise, keras.layers.ActivityRegularization)
SHAPING = ("Flatten", "Reshape", "Squeeze")
ENDS = ("softmax", "sigmoid")
SMALLEST = 1e-7  # a probability of exactly 0 has no logarithm


@dataclass(frozen=True)
class Ending:
    """How a flat graph ends.

    Attributes
    ----------
    scores : KerasTensor of shape (None, n_scores)
        What the last activation is applied to; what the layer gives where that is part of the layer `fused`.
    activation : {"softmax", "sigmoid", ""}
        Empty if the graph ends in neither.
    fused : keras.Layer or None
        The layer whose own activation it is.
    """

    scores: keras.KerasTensor
    activation: str
    fused: keras.Layer | None = None

    @property
    def n_scores(self) -> int:
        """How many there are for each image."""
        return self.scores.shape[-1]


def find_ending(output: keras.KerasTensor) -> Ending:
    """How a flat graph ends, whatever only passes its scores on left aside; raises InputError unless it gives some for each image."""
    output = _passed_on(output)
    if len(output.shape) != 2 or output.shape[-1] is None:
        raise InputError(
            f"The model gives an output of shape {output.shape[1:]} for each image, such as a mask or a map; "
            "it must give one score of each class."
        )
    operation = output._keras_history.operation
    activation = _activation(operation)
    if activation not in ENDS:
        return Ending(output, "")
    if not _is_apart(operation):
        return Ending(output, activation, operation)
    scores = _passed_on(_received(operation))
    return Ending(scores, activation) if len(scores.shape) == 2 else Ending(output, "")


def with_head(ending: Ending, activation: str, order: list[int], negated: bool) -> keras.KerasTensor:
    """Probabilities from an ending.

    Parameters
    ----------
    ending : Ending
    activation : {"softmax", "sigmoid", "given"}
        What makes the scores probabilities; ``given`` if they are probabilities already, whose logarithms become the logits.
    order : list of int
        Which score each class has.
    negated : bool
        Whether the one score speaks for the first class.

    Returns
    -------
    KerasTensor of shape (None, n_scores)
    """
    if activation == "given":
        activation, scores = ("sigmoid" if ending.n_scores == 1 else "softmax"), _logarithms(ending.scores)
        logits = _arranged(scores, order, negated)
    else:
        layer = ending.fused or ending.scores._keras_history.operation
        plain = _is_plain_dense(layer, "linear" if layer is not ending.fused else ending.activation)
        logits = _dense_logits(layer, order, negated) if plain else _arranged(_linear(ending), order, negated)
    return keras.layers.Activation(activation, dtype="float32", name="probabilities")(logits)


def _passed_on(tensor: keras.KerasTensor) -> keras.KerasTensor:
    """The tensor before layers that change nothing when a trained model is asked."""
    while True:
        operation = tensor._keras_history.operation
        shaping = type(operation).__name__ in SHAPING and len(_received(operation).shape) == 2
        linear = isinstance(operation, keras.layers.Activation) and operation.activation is keras.activations.linear
        if not (isinstance(operation, PASSING) or linear or shaping):
            return tensor
        tensor = _received(operation)


def _received(operation: keras.Operation) -> keras.KerasTensor:
    return operation._inbound_nodes[0].input_tensors[0]


def _is_apart(operation: keras.Operation) -> bool:
    """Whether an activation is a layer or an operation of its own, along the classes."""
    return not isinstance(operation, keras.Layer) or isinstance(operation, keras.layers.Softmax | keras.layers.Activation)


def _activation(operation: keras.Operation) -> str:
    if isinstance(operation, keras.layers.Softmax) or not isinstance(operation, keras.Layer):
        return type(operation).__name__.lower()
    return getattr(getattr(operation, "activation", None), "__name__", "")


def _is_plain_dense(layer: keras.Operation, activation: str) -> bool:
    """Whether a layer is a Dense one with this activation, so that its outputs follow the order of its weights."""
    if type(layer) is not keras.layers.Dense or layer.activation.__name__ != activation:
        return False
    return len(layer.get_weights()) == 1 + layer.use_bias


def _dense_logits(dense: keras.layers.Dense, order: list[int], negated: bool) -> keras.KerasTensor:
    logits = copy_of(dense, "logits", activation="linear")
    answer = logits(_received(dense))
    put_weights(logits, [(-weights if negated else weights)[..., order] for weights in dense.get_weights()])
    return answer


def _linear(ending: Ending) -> keras.KerasTensor:
    """The scores before the activation that is part of their layer."""
    if not ending.fused:
        return ending.scores
    bare = copy_of(ending.fused, f"{ending.fused.name}_scores", activation="linear")
    answer = bare(_received(ending.fused))
    put_weights(bare, ending.fused.get_weights())
    return answer


def _arranged(scores: keras.KerasTensor, order: list[int], negated: bool) -> keras.KerasTensor:
    if order != sorted(order):
        scores = named(keras.ops.take(scores, order, axis=-1), "class_order")
    layer = keras.layers.Rescaling(-1.0, name="logits") if negated else keras.layers.Activation("linear", name="logits")
    return layer(scores)


def _logarithms(probabilities: keras.KerasTensor) -> keras.KerasTensor:
    """Logits of given probabilities: of one, the logarithm of its odds."""
    logarithms = _logarithm(probabilities, "score")
    if probabilities.shape[-1] > 1:
        return logarithms
    rest = keras.layers.Rescaling(-1.0, 1.0, name="other_score")(probabilities)
    return keras.layers.Subtract(name="odds")([logarithms, _logarithm(rest, "other")])


def _logarithm(values: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return named(keras.ops.log(named(keras.ops.maximum(values, SMALLEST), f"{name}_floor")), f"{name}_logarithm")
