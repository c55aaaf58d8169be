"""Stability: the same chest mirrored, or with a little more noise, should be explained by the same places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.saliency.checks.check import Answer, Subject, Trial, table
from core.saliency.checks.similarity import similarity

if TYPE_CHECKING:
    from core.parallel import Progress

NOISE_LEVELS = (0.01, 0.02, 0.04)  # standard deviation as a share of the image's range: at most what a weaker exposure adds
LIMIT = 0.7
SEED = 0


def run(subject: Subject, progress: Progress) -> Answer:
    """Mean similarity of the map to those of a mirrored image (mirrored back) and of noisy ones (cf. Yeh et al. 2019, section 2).

    The weakest of the changes is named.
    """
    changed = changes(subject.image)
    alike = {}
    for done, (name, (image, mirrored)) in enumerate(changed.items(), start=1):
        heatmap = subject.again(image)
        alike[name] = similarity(subject.heatmap, heatmap[:, ::-1] if mirrored else heatmap)
        progress(done, len(changed))
    value = float(np.mean(list(alike.values())))
    return value, value >= LIMIT, _sentence(value, alike), table(**alike)


def changes(image: np.ndarray) -> dict[str, tuple[np.ndarray, bool]]:
    """Changed images and whether each has to be mirrored back, by name.

    Parameters
    ----------
    image : ndarray of shape (height, width, 3), float32, in [0, 255]

    Returns
    -------
    dict of str to (ndarray, bool)
    """
    rng, spread = np.random.default_rng(SEED), float(np.ptp(image))
    noise = rng.standard_normal((*image.shape[:2], 1), dtype=np.float32)  # the same in all channels: a radiograph is grey
    noisy = {f"noise {100 * level:.0f} %": (np.clip(image + level * spread * noise, 0, 255), False) for level in NOISE_LEVELS}
    return {"mirrored": (image[:, ::-1], True)} | noisy


def _sentence(value: float, alike: dict[str, float]) -> str:
    worst = min(alike, key=lambda change: alike[change])
    start = f"Mirrored and with noise the map keeps a mean rank correlation of {value:.2f} (lowest {alike[worst]:.2f}, {worst})"
    if value >= LIMIT:
        return f"{start}: it is stable."
    return f"{start}: it shifts under changes that mean nothing, so its details mean little."


STABILITY = Trial(
    key="stability",
    title="Stability",
    explanation="Mirrors the image and adds a little noise, and looks whether the map stays where it was.",
    reference="cf. Yeh et al. 2019, arXiv:1901.09392",
    unit="rank correlation",
    kind="bar",
    x_label="Change of the image",
    y_label="Similarity to the map",
    run=run,
)
