"""Areas under correlated ROC curves and their covariance, without drawing at random."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr


def placements(y_true: np.ndarray, y_score: np.ndarray) -> np.ndarray:
    """Share of the other class's images that each image beats, ties counted half.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int or bool
        Both classes must be there.
    y_score : ndarray of shape (n_samples,), float

    Returns
    -------
    ndarray of shape (n_samples,), float64
        In [0, 1]; the mean over either class is the area under the curve.

    References
    ----------
    Sun and Xu, "Fast implementation of DeLong's algorithm", IEEE Signal Processing Letters 21 (2014) 1389, eq. 11 and 12.
    """
    positive = np.asarray(y_true, dtype=bool)
    m, n = int(positive.sum()), int((~positive).sum())
    ranks = _ranks(y_score)
    found = np.empty(len(ranks))
    found[positive] = (ranks[positive] - _ranks(y_score[positive])) / n
    found[~positive] = 1 - (ranks[~positive] - _ranks(y_score[~positive])) / m
    return found


def _ranks(values: np.ndarray) -> np.ndarray:
    """From 1; equal values share the mean of theirs."""
    return pd.Series(values).rank().to_numpy()


def delong(y_true: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Areas under the ROC curves of several scores of the same images, and their covariance.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
        0 or 1.
    scores : ndarray of shape (n_runs, n_samples), float

    Returns
    -------
    areas : ndarray of shape (n_runs,)
    covariance : ndarray of shape (n_runs, n_runs)
        NaN where a class has fewer than two images.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837; by the placements of Sun and Xu (2014).
    """
    positive, scores = np.asarray(y_true, dtype=bool), np.atleast_2d(scores)
    m, n = int(positive.sum()), int((~positive).sum())
    if min(m, n) < 2:
        return np.full(len(scores), np.nan), np.full((len(scores), len(scores)), np.nan)
    placed = np.stack([placements(positive, score) for score in scores])
    among = placed[:, positive], placed[:, ~positive]
    of_positive, of_negative = (np.atleast_2d(np.cov(part)) / size for part, size in zip(among, (m, n), strict=True))
    return among[0].mean(axis=1), of_positive + of_negative


def normal_p(difference: float, error: float) -> float:
    """The two-sided p-value of a normal difference with this standard error; 1 where nothing differs and nothing scatters."""
    if error <= 1e-9:
        return float("nan") if np.isnan(difference) else float(abs(difference) < 1e-9)
    return float(2 * ndtr(-abs(difference) / error))
