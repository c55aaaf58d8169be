"""Saliency maps: where a model looked, and how far to believe it. One registry, one file per method, all on logits.

Importing this package loads neither Keras nor TensorFlow: the dashboard lists `METHODS` without them.

METHODS : tuple of Method (``key, title, reference, family, unit, needs_layer``)
get_method(key) -> Method
explain(model, image, method, class_id=None, layer=None, progress=None) -> Explanation
prepare(model, method="grad_cam", layer=None)
weakness(explanation) -> str
spatial_layers(model) -> list of str
logits_model(model) -> keras.Model
overlay(grey, heatmap, opacity=0.45, colour_map="inferno") -> ndarray

`core.saliency.checks` tests a map; `core.saliency.tf_keras_vis` computes the published methods with tf-keras-vis.

To add a method, write one file with a `Method` and put its name into `METHODS`.
"""

from core.errors import InputError
from core.saliency.compiled_model import logits_model, spatial_layers
from core.saliency.explanation import Explanation, explain, prepare, weakness
from core.saliency.method import Method
from core.saliency.methods.grad_cam import GRAD_CAM
from core.saliency.methods.grad_cam_plus_plus import GRAD_CAM_PLUS_PLUS
from core.saliency.methods.integrated_gradients import INTEGRATED_GRADIENTS
from core.saliency.methods.layer_cam import LAYER_CAM
from core.saliency.methods.occlusion import OCCLUSION
from core.saliency.methods.score_cam import SCORE_CAM
from core.saliency.methods.smoothgrad import SMOOTHGRAD
from core.saliency.methods.vanilla_gradients import SALIENCY
from core.saliency.overlay import COLOUR_MAPS, overlay

__all__ = [
    "COLOUR_MAPS",
    "METHODS",
    "Explanation",
    "Method",
    "explain",
    "get_method",
    "logits_model",
    "overlay",
    "prepare",
    "spatial_layers",
    "weakness",
]

METHODS = (SALIENCY, SMOOTHGRAD, GRAD_CAM, GRAD_CAM_PLUS_PLUS, LAYER_CAM, SCORE_CAM, INTEGRATED_GRADIENTS, OCCLUSION)


def get_method(key: str) -> Method:
    """Find a method by its key.

    Parameters
    ----------
    key : str

    Returns
    -------
    Method

    Raises
    ------
    InputError
        If no method has that key; the message names those that exist.
    """
    for method in METHODS:
        if method.key == key:
            return method
    raise InputError(f"unknown saliency method '{key}': choose one of {', '.join(method.key for method in METHODS)}")
