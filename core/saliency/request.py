"""What a map is asked for, checked: the image, the layer and the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.saliency.compiled_model import Probe

if TYPE_CHECKING:
    import keras


def as_input(model: keras.Model, image: np.ndarray) -> np.ndarray:
    """Check an image and give it the model's channels.

    Parameters
    ----------
    model : keras.Model
    image : ndarray of shape (height, width) or (height, width, channels), in [0, 255]

    Returns
    -------
    ndarray of shape (height, width, channels), float32, in [0, 255]

    Raises
    ------
    InputError
        If its shape is not the model's or its values leave [0, 255].
    """
    height, width, n_channels = model.input_shape[1:]
    image = np.asarray(image, dtype=np.float32)
    if image.ndim == 2:
        image = np.repeat(image[..., np.newaxis], n_channels, axis=-1)
    if image.shape != (height, width, n_channels):
        raise InputError(
            f"the model takes images of shape ({height}, {width}) or ({height}, {width}, {n_channels}), received {image.shape}"
        )
    if not (image.min() >= 0.0 and image.max() <= 255.0):  # also false for NaN
        raise InputError(f"image intensities must lie in [0, 255], received [{image.min():g}, {image.max():g}]")
    return image


def valid_layer(probe: Probe, layer: str | None) -> str:
    """The layer that a map is made of: the one asked for, or the default.

    Parameters
    ----------
    probe : Probe
    layer : str or None

    Returns
    -------
    str

    Raises
    ------
    InputError
        If the model has no spatial layer, or not this one.
    """
    if not probe.layers:
        raise InputError(
            "the model has no layer with a spatial output that covers the picture, which a CAM is made of: "
            "choose a method without a layer, such as saliency or occlusion"
        )
    if layer is not None and layer not in probe.layers:
        raise InputError(f"unknown layer '{layer}': choose one of {', '.join(probe.layers)}")
    return layer or probe.layers[0]


def valid_class(probe: Probe, class_id: int) -> int:
    """The number of a class.

    Parameters
    ----------
    probe : Probe
    class_id : int

    Returns
    -------
    int

    Raises
    ------
    InputError
        If the model has no such class.
    """
    if class_id not in range(probe.n_classes):
        raise InputError(f"unknown class {class_id}: choose one of {', '.join(map(str, range(probe.n_classes)))}")
    return int(class_id)
