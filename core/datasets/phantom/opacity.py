"""The opacities of a phantom in patient coordinates: rows of (x, y, radius, weight), to be drawn by `anatomy.spots`."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from core.datasets.phantom.anatomy import Anatomy
from core.errors import InputError

Finding = Literal["normal", "bacterial", "viral"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)

N_BLOBS = 14


def draw_opacity(rng: np.random.Generator, chest: Anatomy, finding: Finding) -> np.ndarray:
    """Draw the opacity of a finding.

    Parameters
    ----------
    rng : numpy.random.Generator
    chest : Anatomy
    finding : {"normal", "bacterial", "viral"}

    Returns
    -------
    ndarray of shape (n_spots, 4), float64
        x, y, radius (film half-widths) and weight (optical depth at the centre); no rows in a normal chest.

    Raises
    ------
    InputError
        If the finding is unknown.
    """
    if finding not in FINDINGS:
        raise InputError(f"There is no finding {finding!r}; choose one of {', '.join(FINDINGS)}.")
    if finding == "normal":
        return np.empty((0, 4))
    return _consolidation(rng, chest) if finding == "bacterial" else _patches(rng, chest)


def _consolidation(rng: np.random.Generator, chest: Anatomy) -> np.ndarray:
    """One focal opacity: overlapping soft blobs around a point in the middle of one lung."""
    side = rng.choice([-1.0, 1.0])
    centre = side * rng.uniform(0.5, 0.68) * chest.chest_width, rng.uniform(chest.apex + 0.38, chest.base - 0.12)
    spread = rng.uniform(0.08, 0.14)
    x, y = rng.normal(centre, spread, (N_BLOBS, 2)).T
    weight = rng.uniform(4.5, 9.0) / N_BLOBS * rng.uniform(0.5, 1.5, N_BLOBS)
    return np.stack([x, y, spread * rng.uniform(0.5, 1.1, N_BLOBS), weight], axis=1)


def _patches(rng: np.random.Generator, chest: Anatomy) -> np.ndarray:
    """Many small opacities over both lungs, denser towards the hila."""
    count = int(rng.integers(60, 120))
    side = np.where(np.arange(count) % 2, 1.0, -1.0)
    x = side * chest.chest_width * (0.2 + 0.75 * rng.beta(1.4, 2.0, count))
    y = chest.apex + (chest.base - chest.apex) * rng.beta(2.2, 1.8, count)
    weight = rng.uniform(0.35, 0.75) * rng.uniform(0.4, 1.6, count)
    return np.stack([x, y, rng.uniform(0.018, 0.05, count), weight], axis=1)
