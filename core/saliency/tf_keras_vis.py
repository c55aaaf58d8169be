"""The published methods as tf-keras-vis computes them: what the compiled maps are tested and timed against."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.saliency.compiled_model import logits_model, spatial_layers
from core.saliency.methods import score_cam
from core.saliency.methods.smoothgrad import BATCH_SIZE, noisy_copies

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

# tf-keras-vis searches for a convolution near the named layer, enlarges the map with its corners aligned (which moves
# it by up to half a cell) and divides by an unguarded maximum. All three are switched off: the layer is taken as named,
# and the raw maps are compared.
RAW_CAM = {"seek_penultimate_conv_layer": False, "expand_cam": False, "normalize_cam": False}


def reference_map(model: keras.Model, image: np.ndarray, method: str, class_id: int, layer: str | None = None) -> np.ndarray:
    """The raw map of tf-keras-vis, on the same logits.

    Parameters
    ----------
    model : keras.Model
    image : ndarray of shape (height, width, 3), float32, in [0, 255]
    method : {"saliency", "smoothgrad", "grad_cam", "grad_cam_plus_plus", "layer_cam", "score_cam"}
    class_id : int
    layer : str, optional
        By default as for `core.saliency.explain`.

    Returns
    -------
    ndarray of shape (h, w), float32

    Raises
    ------
    InputError
        If tf-keras-vis has no such method.
    """
    if method not in _METHODS:
        raise InputError(f"tf-keras-vis has no method '{method}': choose one of {', '.join(_METHODS)}")
    layer = layer or next(iter(spatial_layers(model)), None)
    return np.asarray(_METHODS[method](logits_model(model), image[np.newaxis], class_id, layer), np.float32)


def _saliency(model: keras.Model, images: np.ndarray, class_id: int, layer: str | None) -> np.ndarray:
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    return Saliency(model, clone=False)(CategoricalScore(class_id), images, normalize_map=False)[0]


def _smoothgrad(model: keras.Model, images: np.ndarray, class_id: int, layer: str | None) -> np.ndarray:
    """Its gradients; noise and signed mean as in the paper.

    Its own draw comes from NumPy's global generator, so that two maps of one image differ, and it averages absolute
    values where the paper averages signed gradients.
    """
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    visualiser, copies = Saliency(model, clone=False), noisy_copies(images[0])
    options = {"keepdims": True, "gradient_modifier": None, "normalize_map": False}
    batches = np.array_split(copies, -(-len(copies) // BATCH_SIZE))
    gradients = np.concatenate([visualiser(CategoricalScore(class_id), batch, **options) for batch in batches])
    return np.abs(gradients.mean(axis=0)).max(axis=-1)


def _cam(module: str, name: str) -> Callable[[keras.Model, np.ndarray, int, str | None], np.ndarray]:
    def cam(model: keras.Model, images: np.ndarray, class_id: int, layer: str | None) -> np.ndarray:
        from importlib import import_module

        from tf_keras_vis.utils.scores import CategoricalScore

        visualiser = getattr(import_module(f"tf_keras_vis.{module}"), name)(model, clone=False)
        return visualiser(CategoricalScore(class_id), images, penultimate_layer=layer, **RAW_CAM)[0]

    return cam


def _grad_cam_plus_plus(model: keras.Model, images: np.ndarray, class_id: int, layer: str | None) -> np.ndarray:
    """With the score shifted to 0, where its factor exp(score) is 1 instead of overflowing."""
    import tensorflow as tf
    from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus

    def shifted_score(logits: tf.Tensor) -> tf.Tensor:
        return logits[:, class_id] - tf.stop_gradient(logits[:, class_id])

    return GradcamPlusPlus(model, clone=False)(shifted_score, images, penultimate_layer=layer, **RAW_CAM)[0]


def _score_cam(model: keras.Model, images: np.ndarray, class_id: int, layer: str | None) -> np.ndarray:
    """Its "faster" variant with as many channels as ours."""
    from tf_keras_vis.scorecam import Scorecam
    from tf_keras_vis.utils.scores import CategoricalScore

    n_channels = min(score_cam.MAX_CHANNELS, model.get_layer(layer).output.shape[-1])
    options = RAW_CAM | {"penultimate_layer": layer, "batch_size": 16, "max_N": n_channels}
    return Scorecam(model, clone=False)(CategoricalScore(class_id), images, **options)[0]


_METHODS = {
    "saliency": _saliency,
    "smoothgrad": _smoothgrad,
    "grad_cam": _cam("gradcam", "Gradcam"),
    "grad_cam_plus_plus": _grad_cam_plus_plus,
    "layer_cam": _cam("layercam", "Layercam"),
    "score_cam": _score_cam,
}
