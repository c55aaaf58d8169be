"""Score-CAM: channels weighted by the class probability of the image seen through them; no gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe

# Every channel costs one forward pass: all 2,048 of InceptionV3 would take minutes. The channels that vary most over the
# image carry most of the map ("Faster Score-CAM"), so only those are kept. It is an approximation: on MobileNetV2 the map
# correlates 0.7 to 0.8 with that of 640 channels, which takes nine times as long.
MAX_CHANNELS = 64
BATCH_SIZE = 16  # masked images made at a time: bounds the memory
EPSILON = 1e-7  # as tf-keras-vis: a channel that is the same everywhere shows nothing


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str, progress: Progress | None = None) -> RawMap:
    """ReLU of the channels weighted by the softmax score of the masked image (Wang et al. 2020, algorithm 1).

    Masks multiply intensities in [0, 255]: what a mask hides turns black, as in a radiograph without exposure. The softmax
    is over the logits model's classes, so a single sigmoid's two classes have different weights.
    """
    activations = probe.activations(image[np.newaxis], layer)[0]
    n_channels = activations.shape[-1]
    kept = most_varying(activations, MAX_CHANNELS)
    weights = []
    for start in range(0, kept.shape[-1], BATCH_SIZE):
        masks = as_masks(kept[..., start : start + BATCH_SIZE], *image.shape[:2])
        weights.append(probe.probabilities(masks[..., np.newaxis] * image)[:, class_id])
        if progress:
            progress(min(start + BATCH_SIZE, kept.shape[-1]), kept.shape[-1])
    values = np.maximum(kept @ np.concatenate(weights), 0.0)
    return RawMap(values, _note(kept.shape[-1], n_channels))


def most_varying(activations: np.ndarray, n_channels: int) -> np.ndarray:
    """The channels with the largest standard deviation over the image.

    Parameters
    ----------
    activations : ndarray of shape (h, w, c)
    n_channels : int

    Returns
    -------
    ndarray of shape (h, w, min(c, n_channels))
    """
    deviation = activations.std(axis=(0, 1))
    return activations[..., np.argsort(-deviation, kind="stable")[:n_channels]]


def as_masks(channels: np.ndarray, height: int, width: int) -> np.ndarray:
    """Channels enlarged bilinearly to the image, corners on corners, each scaled to [0, 1].

    Parameters
    ----------
    channels : ndarray of shape (h, w, c)
    height, width : int

    Returns
    -------
    ndarray of shape (c, height, width), float32
    """
    rows, columns = (_corner_aligned(n, size) for n, size in zip(channels.shape, (height, width), strict=False))
    large = np.einsum("Yy,yxc,Xx->cYX", rows, channels, columns, optimize=True)
    low, high = (extreme(axis=(1, 2), keepdims=True) for extreme in (large.min, large.max))
    return (large - low) / (high - low + EPSILON)


def _corner_aligned(n: int, size: int) -> np.ndarray:
    """Matrix of shape (size, n) that interpolates n samples linearly at `size` points from the first to the last."""
    positions = np.linspace(0, n - 1, size, dtype=np.float32)
    return np.maximum(1.0 - np.abs(positions[:, np.newaxis] - np.arange(n, dtype=np.float32)), 0.0)


def _note(kept: int, n_channels: int) -> str:
    if kept == n_channels:
        return ""
    return f"Score-CAM is approximated: it used the {kept} of {n_channels:,} channels that vary most over the image."


SCORE_CAM = Method(
    key="score_cam",
    title="Score-CAM",
    reference="Wang et al. 2020, arXiv:1910.01279",
    family="cam",
    unit="activation, weighted by the class probability",
    raw_map=raw_map,
    needs_layer=True,
    asks=("activations", "logits"),
    adds_up=False,
    weak=0.1,
)
