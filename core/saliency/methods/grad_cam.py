"""Grad-CAM: a layer's channels, each weighted by its mean gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe


def combine(activations: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """ReLU of the channels weighted by the spatial mean of the class score's gradient (Selvaraju et al. 2017, eq. 1, 2).

    Parameters
    ----------
    activations, gradients : ndarray of shape (h, w, c), float32

    Returns
    -------
    ndarray of shape (h, w), float32
    """
    weights = gradients.mean(axis=(0, 1))  # eq. 1
    return np.maximum(activations @ weights, 0.0)  # eq. 2


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str, progress: Progress | None = None) -> RawMap:
    """One forward and a backward pass down to the layer."""
    activations, gradients = probe.activations_and_gradients(image[np.newaxis], class_id, layer)
    return RawMap(combine(activations[0], gradients[0]))


GRAD_CAM = Method(
    key="grad_cam",
    title="Grad-CAM",
    reference="Selvaraju et al. 2017, arXiv:1610.02391",
    family="cam",
    unit="logit per cell of the layer",
    raw_map=raw_map,
    needs_layer=True,
    asks=("activations_and_gradients",),
)
