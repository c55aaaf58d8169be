"""McNemar's exact test of two runs on the same images."""

from __future__ import annotations

import numpy as np
from scipy.special import bdtr


def mcnemar(a: np.ndarray, b: np.ndarray) -> float:
    """Exact two-sided McNemar test (McNemar 1947): discordant images against a fair coin.

    Parameters
    ----------
    a, b : ndarray of shape (n_samples,), bool
        Whether each run is right.

    Returns
    -------
    float
        1 where no image is discordant.
    """
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    return float(min(1.0, 2 * bdtr(min(only_a, only_b), only_a + only_b, 0.5)))
