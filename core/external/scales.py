"""The intensities that models are trained on, by the names that people give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError

if TYPE_CHECKING:
    import keras

CAFFE_MEANS = (103.939, 116.779, 123.68)  # of ImageNet, blue first, as `keras.applications` subtracts them
TORCH_MEANS, TORCH_DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, red first, of intensities in [0, 1]
SCALES = {  # factor and offset from intensities in [0, 255], one for all channels or one for each
    "0-255": (1.0, 0.0),
    "0-1": (1 / 255, 0.0),
    "-1-1": (1 / 127.5, -1.0),
    "caffe": (1.0, tuple(-mean for mean in CAFFE_MEANS)),
    "torch": (
        tuple(1 / 255 / deviation for deviation in TORCH_DEVIATIONS),
        tuple(-mean / deviation for mean, deviation in zip(TORCH_MEANS, TORCH_DEVIATIONS, strict=True)),
    ),
}
ALIASES = {"none": "0-255", "tf": "-1-1"}  # what `keras.applications` calls them
BY_CHANNEL = ("caffe", "torch")


def scale_named(name: str, n_channels: int = 3) -> str:
    """The scale that a name or its alias means.

    Parameters
    ----------
    name : str
    n_channels : int
        Of the model; the scales of three colours do not fit a model of one.

    Returns
    -------
    str
        A key of `SCALES`.

    Raises
    ------
    InputError
        If there is no such scale, or the model cannot have it.
    """
    scale = ALIASES.get(name, name)
    if scale not in SCALES:
        raise InputError(f"A scale is one of {', '.join(SCALES)}; received {name!r}.")
    if scale in BY_CHANNEL and n_channels == 1:
        raise InputError(
            f"The scale {scale!r} has a mean for each of three colours, and the model takes one channel; choose {_listed(scales_for(1))}."
        )
    return scale


def scales_for(n_channels: int) -> tuple[str, ...]:
    """The scales that a model of so many channels can have."""
    return tuple(scale for scale in SCALES if n_channels == 3 or scale not in BY_CHANNEL)


def scaled(images: np.ndarray | keras.KerasTensor, scale: str) -> np.ndarray | keras.KerasTensor:
    """Images in [0, 255] on another scale.

    Parameters
    ----------
    images : ndarray or KerasTensor of shape (n, height, width, 3)
        Red first.
    scale : str
        A key of `SCALES`.

    Returns
    -------
    tensor or KerasTensor of the same shape
    """
    import keras

    if scale == "0-255":
        return images
    if scale == "caffe":
        images = named(keras.ops.flip(images, axis=-1), "blue_first")
    factor, offset = (list(value) if isinstance(value, tuple) else value for value in SCALES[scale])
    return keras.layers.Rescaling(factor, offset, dtype="float32", name="intensities")(images)


def named(tensor: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """A tensor whose operation, if it is one of a graph, has this name; operations take none where they are called."""
    if history := getattr(tensor, "_keras_history", None):
        history.operation.name = name
    return tensor


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
