"""SmoothGrad: the gradient, averaged over noisy copies of the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe

N_SAMPLES = 20  # section 3.2: little is gained past 50; 20 already removes most of the grain
NOISE_LEVEL = 0.15  # section 3.2: standard deviation, 10 to 20 % of the image's range
BATCH_SIZE = 5  # the fastest on two cores, and bounds the memory: activations are kept for the backward pass
SEED = 0  # the same image gives the same map


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str | None = None, progress: Progress | None = None) -> RawMap:
    """Absolute value of the mean gradient under Gaussian noise, largest over the colour channels (Smilkov et al. 2017)."""
    copies, mean = noisy_copies(image), np.zeros_like(image)
    for done in range(0, N_SAMPLES, BATCH_SIZE):
        mean += probe.gradients(copies[done : done + BATCH_SIZE], class_id).sum(axis=0) / N_SAMPLES
        if progress:
            progress(min(done + BATCH_SIZE, N_SAMPLES), N_SAMPLES)
    return RawMap(np.abs(mean).max(axis=-1))


def noisy_copies(image: np.ndarray) -> np.ndarray:
    """Seeded Gaussian noise around one image.

    Parameters
    ----------
    image : ndarray of shape (height, width, 3), float32

    Returns
    -------
    ndarray of shape (N_SAMPLES, height, width, 3), float32
        Not clipped to the image's range: clipping would bias the mean of black and white pixels.
    """
    sigma = NOISE_LEVEL * float(image.max() - image.min())
    noise = np.random.default_rng(SEED).standard_normal((N_SAMPLES, *image.shape), dtype=np.float32)
    return image + np.float32(sigma) * noise


SMOOTHGRAD = Method(
    key="smoothgrad",
    title="SmoothGrad",
    reference="Smilkov et al. 2017, arXiv:1706.03825",
    family="gradient",
    unit="change of the logit per grey level",
    raw_map=raw_map,
    asks=("gradients",),
)
