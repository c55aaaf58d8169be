"""Integrated gradients: how much of the score each pixel adds on the way from a black film to the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.method import Method, RawMap

if TYPE_CHECKING:
    from core.parallel import Progress
    from core.saliency.compiled_model import Probe

N_STEPS = 20  # section 5 of the paper: 20 to 300
BATCH_SIZE = 5  # bounds the memory: activations are kept for the backward pass
BASELINE = 0.0  # a film without exposure: nothing to see


def raw_map(probe: Probe, image: np.ndarray, class_id: int, layer: str | None = None, progress: Progress | None = None) -> RawMap:
    """Gradients on the straight line from black, averaged and multiplied by the image (Sundararajan et al. 2017, eq. 1, 3).

    Summed over the colour channels and signed: the sum over the map is the logit's difference between the image and black.
    The path is integrated by Gauss-Legendre quadrature, which needs fewer steps than the sum of eq. 3 on a smooth path.
    """
    nodes, shares = path()
    mean = np.zeros_like(image)
    for done in range(0, N_STEPS, BATCH_SIZE):
        chosen = slice(done, done + BATCH_SIZE)
        points = BASELINE + nodes[chosen, None, None, None] * (image - BASELINE)
        mean += np.tensordot(shares[chosen], probe.gradients(points, class_id), axes=1)
        if progress:
            progress(min(done + BATCH_SIZE, N_STEPS), N_STEPS)
    values = ((image - BASELINE) * mean).sum(axis=-1)
    return RawMap(values, _completeness(probe, image, class_id, values.sum()))


def path() -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre nodes in [0, 1] and their shares of the integral.

    Returns
    -------
    nodes, shares : ndarray of shape (N_STEPS,), float32
        The shares sum to 1.
    """
    nodes, weights = np.polynomial.legendre.leggauss(N_STEPS)
    return (0.5 + 0.5 * nodes).astype(np.float32), (0.5 * weights).astype(np.float32)


def _completeness(probe: Probe, image: np.ndarray, class_id: int, total: float) -> str:
    """How far the map's sum is from the difference it should add up to (the paper's completeness axiom)."""
    ends = probe.logits(np.stack([image, np.full_like(image, BASELINE)]))[:, class_id]
    difference = float(ends[0] - ends[1])
    return (
        f"Integrated gradients in {N_STEPS} steps add up to {total:+.2f}; the logit rises by {difference:+.2f} "
        "from a black film to this image, and the closer the two the better."
    )


INTEGRATED_GRADIENTS = Method(
    key="integrated_gradients",
    title="Integrated gradients",
    reference="Sundararajan, Taly, Yan 2017, arXiv:1703.01365",
    family="gradient",
    unit="logit per pixel",
    raw_map=raw_map,
    asks=("gradients", "logits"),
)
