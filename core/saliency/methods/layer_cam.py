"""LayerCAM: every activation weighted by its own positive gradient, so that early layers work as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe


def combine(activations: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """ReLU of the sum over channels of activation times ReLU of its gradient (Jiang et al. 2021, eq. 6 to 8).

    Parameters
    ----------
    activations, gradients : ndarray of shape (h, w, c), float32

    Returns
    -------
    ndarray of shape (h, w), float32
    """
    return np.maximum(np.einsum("hwc,hwc->hw", activations, np.maximum(gradients, 0.0)), 0.0)


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str, progress: Progress | None = None) -> RawMap:
    """One forward and a backward pass down to the layer."""
    activations, gradients = probe.activations_and_gradients(image[np.newaxis], class_id, layer)
    return RawMap(combine(activations[0], gradients[0]))


LAYER_CAM = Method(
    key="layer_cam",
    title="LayerCAM",
    reference="Jiang et al. 2021, IEEE Transactions on Image Processing 30:5875, doi 10.1109/TIP.2021.3089943",
    family="cam",
    unit="logit per cell of the layer",
    raw_map=raw_map,
    needs_layer=True,
    asks=("activations_and_gradients",),
)
