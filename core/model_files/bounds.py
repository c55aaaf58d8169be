"""Between which numbers the scores at the end of a model must lie, whatever the picture: read off its last operations."""

from __future__ import annotations

import math
from collections.abc import Callable

import keras

Bounds = tuple[float, float]

ANY: Bounds = (-math.inf, math.inf)
UNIT: Bounds = (0.0, 1.0)
ACTIVATIONS: dict[str, Bounds] = {
    "sigmoid": UNIT, "softmax": UNIT, "hard_sigmoid": UNIT, "sparse_sigmoid": UNIT, "sparsemax": UNIT, "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0), "softsign": (-1.0, 1.0), "relu": (0.0, math.inf), "relu6": (0.0, 6.0), "softplus": (0.0, math.inf),
    "exponential": (0.0, math.inf), "squareplus": (0.0, math.inf), "square": (0.0, math.inf), "exp": (0.0, math.inf),
}  # fmt: skip
AMONG = (
    "Average", "Maximum", "Minimum", "Concatenate", "Flatten", "Reshape", "Squeeze", "GetItem", "Dropout", "Identity", "Cast", "Mean",
    "GlobalAveragePooling2D", "GlobalMaxPooling2D", "AveragePooling2D", "MaxPooling2D", "Permute", "Transpose", "Take", "Stack",
    "ExpandDims", "ActivityRegularization", "GaussianNoise",
)  # fmt: skip # what they give lies among what they take


def must_be_probabilities(tensor: keras.KerasTensor) -> bool:
    """Whether scores cannot leave 0 to 1.

    Parameters
    ----------
    tensor : KerasTensor

    Returns
    -------
    bool
    """
    low, high = _bounds(tensor)
    return low >= 0 and high <= 1


def _bounds(value: object) -> Bounds:
    if isinstance(value, int | float):
        return float(value), float(value)
    if not isinstance(value, keras.KerasTensor):
        return ANY
    operation = value._keras_history.operation
    kind = type(operation).__name__
    activation = getattr(getattr(operation, "activation", None), "__name__", None) or kind.lower()
    if activation in ACTIVATIONS:
        return _of_relu(operation) if kind == "ReLU" else ACTIVATIONS[activation]
    if getattr(operation, "weights", ()) or not operation._inbound_nodes:
        return ANY
    given = _given(operation)
    if kind in AMONG or (kind == "Activation" and activation == "linear"):
        return _hull([_bounds(one) for one in given])
    return COMPUTED[kind](operation, given) if kind in COMPUTED else ANY


def _given(operation: keras.Operation) -> list:
    arguments = operation._inbound_nodes[0].arguments
    return [one for one in keras.tree.flatten([arguments.args, arguments.kwargs]) if isinstance(one, keras.KerasTensor | int | float)]


def _hull(several: list[Bounds]) -> Bounds:
    return (min(low for low, _ in several), max(high for _, high in several)) if several else ANY


def _of_relu(layer: keras.layers.ReLU) -> Bounds:
    low = 0.0 if not float(layer.negative_slope or 0) else -math.inf
    return low, math.inf if layer.max_value is None else float(layer.max_value)


def _sum(operation: keras.Operation, given: list) -> Bounds:
    several = [_bounds(one) for one in given]
    return sum(low for low, _ in several), sum(high for _, high in several)


def _difference(operation: keras.Operation, given: list) -> Bounds:
    (low, high), (less, more) = (_bounds(one) for one in given[:2])
    return low - more, high - less


def _product(operation: keras.Operation, given: list) -> Bounds:
    found = _bounds(given[0])
    for one in given[1:]:
        corners = [a * b for a in found for b in _bounds(one)]
        found = ANY if any(map(math.isnan, corners)) else (min(corners), max(corners))
    return found


def _quotient(operation: keras.Operation, given: list) -> Bounds:
    above, below = given[:2]
    if isinstance(below, int | float) and below:
        return _product(operation, [above, 1 / below])
    of = below._keras_history.operation if isinstance(below, keras.KerasTensor) else None
    share = of is not None and type(of).__name__ == "Sum" and of._inbound_nodes[0].input_tensors[0] is above
    return UNIT if share and _bounds(above)[0] >= 0 else ANY


def _rescaled(layer: keras.layers.Rescaling, given: list) -> Bounds:
    if not isinstance(layer.scale, int | float) or not isinstance(layer.offset, int | float):
        return ANY
    low, high = _product(layer, [given[0], layer.scale])
    return low + layer.offset, high + layer.offset


def _clipped(operation: keras.Operation, given: list) -> Bounds:
    low, high = _bounds(given[0])
    least, most = (getattr(operation, name, None) for name in ("x_min", "x_max"))
    if not isinstance(least, int | float) or not isinstance(most, int | float):
        return ANY
    return max(low, float(least)), min(high, float(most))


COMPUTED: dict[str, Callable[[keras.Operation, list], Bounds]] = {
    "Add": _sum, "Subtract": _difference, "Multiply": _product, "Divide": _quotient, "TrueDivide": _quotient, "Rescaling": _rescaled,
    "Clip": _clipped,
}  # fmt: skip
