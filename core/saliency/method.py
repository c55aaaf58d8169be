"""What a saliency method is: an entry of the registry and the arithmetic behind it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# tf-keras-vis searches for a convolution near the named layer, enlarges the map with its corners aligned (which moves
# it by up to half a cell) and divides by an unguarded maximum. All three are switched off: the layer is taken as named,
# and core.saliency.heatmap does the rest.
RAW_CAM = {"seek_penultimate_conv_layer": False, "expand_cam": False, "normalize_cam": False}


@dataclass(frozen=True)
class Method:
    """One saliency method.

    Attributes
    ----------
    key : str
        Name on the command line and in links.
    title : str
        Name as people read it.
    reference : str
        The paper it implements.
    needs_layer : bool
        Whether the map is made of one layer's channels (a CAM) rather than of input gradients.
    raw_map : callable
        ``raw_map(logits_model, images, class_id, layer)`` takes a model that ends in two or more logits, float32 images
        of shape (1, height, width, 3) in [0, 255], a class index and a layer name (None unless ``needs_layer``); it
        returns a float map of shape (h, w) that is not negative, at its own resolution and magnitude.
    """

    key: str
    title: str
    reference: str
    needs_layer: bool
    raw_map: Callable[..., np.ndarray]
