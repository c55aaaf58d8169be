"""Grad-CAM++: channel weights from positive gradients only, each pixel with its own share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe


def combine(activations: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """ReLU of the channels weighted by eq. 10 and 19 of Chattopadhay et al. 2018, without the factor exp(S).

    The paper differentiates Y = exp(S). Every derivative carries the factor exp(S); it cancels in alpha (eq. 19) and
    scales the whole map. Left in, it overflows float32 at a logit of 89 and wipes the map out at a very negative one, so
    the score is shifted to S = 0 here: same map, same gradients, up to that factor.

    Parameters
    ----------
    activations, gradients : ndarray of shape (h, w, c), float32

    Returns
    -------
    ndarray of shape (h, w), float32
    """
    gradients = gradients.astype(np.float64)  # the denominator cancels almost to 0 where a gradient is negative
    second = gradients * gradients
    third = second * gradients
    alpha = _ratio(second, 2.0 * second + third * activations.sum(axis=(0, 1), dtype=np.float64))  # eq. 19
    alpha = _ratio(alpha, alpha.sum(axis=(0, 1)))
    weights = (alpha * np.maximum(gradients, 0.0)).sum(axis=(0, 1))  # eq. 10
    return np.maximum(activations @ weights.astype(np.float32), 0.0)


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Quotient where the denominator is 0 replaced by 1: nothing of nothing is nothing."""
    return numerator / np.where(denominator == 0.0, 1.0, denominator)


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str, progress: Progress | None = None) -> RawMap:
    """One forward and a backward pass down to the layer."""
    activations, gradients = probe.activations_and_gradients(image[np.newaxis], class_id, layer)
    return RawMap(combine(activations[0], gradients[0]))


GRAD_CAM_PLUS_PLUS = Method(
    key="grad_cam_plus_plus",
    title="Grad-CAM++",
    reference="Chattopadhay et al. 2018, arXiv:1710.11063",
    family="cam",
    unit="logit per cell of the layer",
    raw_map=raw_map,
    needs_layer=True,
    asks=("activations_and_gradients",),
)
