"""Explain one image: checks the request, runs the method on the model's logits, scales the map."""

import time
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.saliency.heatmap import normalise, resize_map
from core.saliency.logits import explanation_lock, logits_model, spatial_layers


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where a model looked, for one image, class and method.

    Attributes
    ----------
    heatmap : ndarray of shape (height, width), float32, in [0, 1]
        Of the model's input size; its maximum is 1 unless `is_empty`.
    method : str
    class_id : int
        The class explained.
    layer : str or None
        The layer a CAM was made of; None for gradient methods.
    raw_max : float
        The raw map's maximum, in the method's own unit: what the scaling to [0, 1] hides.
    milliseconds : float
        Time for the map itself, without checks and without waiting for another explanation of the same model.
    """

    heatmap: np.ndarray
    method: str
    class_id: int
    layer: str | None
    raw_max: float
    milliseconds: float

    def __post_init__(self):
        if self.heatmap.ndim != 2 or self.heatmap.dtype != np.float32:
            raise ValueError(f"heatmap must be a float32 matrix. Received: {self.heatmap.dtype} of shape {self.heatmap.shape}")

    @property
    def is_empty(self):
        """Whether nothing in the image speaks for the class, so that the heatmap is zero everywhere."""
        return self.raw_max == 0.0


def explain(model, image, method, class_id=None, layer=None):
    """Compute one saliency map.

    Parameters
    ----------
    model : keras.Model
        As for `core.saliency.logits_model`; never changed. Calls from several threads are served one after another.
    image : ndarray of shape (height, width) or (height, width, 3), uint8 or float32, in [0, 255]
        Of the model's input size.
    method : str
        Key of an entry of `core.saliency.METHODS`.
    class_id : int, optional
        Class to explain; by default the predicted one. For a single sigmoid, 0 is the negative class.
    layer : str, optional
        For methods that need one: a name from `spatial_layers`, by default the first. Gradient methods ignore it.

    Returns
    -------
    Explanation

    Raises
    ------
    InputError
        For an unknown method, layer or class, an image of the wrong shape or range, or gradients that are not finite.
    """
    from core.saliency import get_method

    method = get_method(method)
    images = _as_batch(model, image)
    layer = _valid_layer(model, layer) if method.needs_layer else None
    with explanation_lock(model):
        logits = logits_model(model)
        class_id = _valid_class(logits, images, class_id)
        started = time.perf_counter()
        raw = np.asarray(method.raw_map(logits, images, class_id, layer), dtype=np.float32)
        milliseconds = 1000.0 * (time.perf_counter() - started)
    if not np.isfinite(raw).all():
        raise InputError(f"{method.title} gave values that are not finite for class {class_id}: choose another method or layer")
    heatmap = normalise(resize_map(raw, *images.shape[1:3]))
    return Explanation(heatmap, method.key, class_id, layer, float(max(raw.max(), 0.0)), milliseconds)


def _as_batch(model, image):
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
    return image[np.newaxis]


def _valid_layer(model, layer):
    names = spatial_layers(model)
    if not names:
        raise InputError("the model has no layer with a spatial output: choose a gradient method such as saliency")
    if layer is not None and layer not in names:
        raise InputError(f"unknown layer '{layer}': choose one of {', '.join(names)}")
    return layer or names[0]


def _valid_class(logits, images, class_id):
    n_classes = logits.output_shape[-1]
    if class_id is None:
        return int(np.argmax(logits([images], training=False)[0]))
    if class_id not in range(n_classes):
        raise InputError(f"unknown class {class_id}: choose one of {', '.join(map(str, range(n_classes)))}")
    return int(class_id)
