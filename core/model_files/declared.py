"""How many weights a configuration of Keras 3 declares, where its layers are of plain kinds and say what they take. No Keras."""

from __future__ import annotations

import math

WITHOUT_WEIGHTS = {
    "InputLayer", "Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D", "GaussianNoise", "Flatten", "Reshape",
    "Permute", "Rescaling", "Resizing", "ZeroPadding2D", "Cropping2D", "UpSampling2D", "MaxPooling2D", "AveragePooling2D", "Multiply",
    "GlobalAveragePooling2D", "GlobalMaxPooling2D", "Add", "Subtract", "Average", "Maximum", "Minimum", "Concatenate", "Identity",
}  # fmt: skip
OPERATIONS = ("keras.src.ops", "keras.ops")  # modules of bare operations, such as a division
NESTED = {"Functional", "Sequential", "Model"}


def n_declared(model: dict) -> int | None:
    """Weights of a model as its file describes it: Keras makes each layer for the shape that is written beside it.

    Parameters
    ----------
    model : dict
        ``class_name, config``.

    Returns
    -------
    int or None
        None where a layer is of another kind, or says no shape: only building it tells.
    """
    total, waiting = 0, [model]
    while waiting:
        layer = waiting.pop()
        try:
            if layer["class_name"] in NESTED:
                waiting += layer["config"]["layers"]
            elif layer["class_name"] not in WITHOUT_WEIGHTS and not str(layer.get("module")).startswith(OPERATIONS):
                total += _of_layer(layer["class_name"], layer["config"], layer["build_config"]["input_shape"])
        except (KeyError, TypeError, IndexError):
            return None
    return total


def _of_layer(kind: str, config: dict, shape: list) -> int:
    n_inputs = abs(int(shape[-1]))
    if kind == "BatchNormalization":
        return (2 + bool(config["scale"]) + bool(config["center"])) * n_inputs
    bias = 1 if config["use_bias"] else 0
    if kind == "Dense":
        return (n_inputs + bias) * config["units"]
    kernel = math.prod(config["kernel_size"])
    if config["data_format"] != "channels_last":
        raise KeyError(kind)
    if kind == "Conv2D":
        return (kernel * n_inputs // max(1, config["groups"]) + bias) * config["filters"]
    if kind == "DepthwiseConv2D":
        return (kernel + bias) * n_inputs * config["depth_multiplier"]
    if kind == "SeparableConv2D":
        return (kernel + config["filters"]) * n_inputs * config["depth_multiplier"] + bias * config["filters"]
    raise KeyError(kind)
