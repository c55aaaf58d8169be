"""A reader for the unsure films: what a run's rates are on the films that it keeps, as more of them are handed over."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.metrics.run_threshold import predict_labels
from core.metrics.statistics.intervals import wilson

N_STEPS = 51
EPSILON = 1e-7  # the smallest distance from 0 and 1 that scores in single precision keep apart


def confidence(scores: np.ndarray, threshold: float | None) -> np.ndarray:
    """How far each film is from the other answer.

    Parameters
    ----------
    scores : ndarray of shape (n_samples, n_classes), float
        Probabilities.
    threshold : float or None
        Of class 1 of two; None for more classes.

    Returns
    -------
    ndarray of shape (n_samples,), float64
        Two classes: the distance of the log-odds of class 1 from those of the threshold. More: the largest probability less the second.
    """
    if threshold is None:
        top = np.sort(scores, axis=1)
        return top[:, -1] - (top[:, -2] if scores.shape[1] > 1 else 0)
    return np.abs(_logit(scores[:, 1]) - _logit(np.asarray(threshold, dtype=np.float64)))


def referral_curve(
    y_true: np.ndarray, scores: np.ndarray, threshold: float | None, order: np.ndarray | None = None, n_steps: int = N_STEPS
) -> pd.DataFrame:
    """Rates on the films kept when those of the lowest confidence are handed to a reader.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
    scores : ndarray of shape (n_samples, n_classes), float
    threshold : float or None
    order : ndarray of shape (n_samples,), float, optional
        Films with the smallest values are handed over first; `confidence` if None, the negative of a score of strangeness to hand over the
        strangest. Of equal ones the first is.
    n_steps : int
        Shares from 0 to 1; at the last no film is kept.

    Returns
    -------
    DataFrame
        ``share, n_kept``; ``accuracy``, and of two classes ``sensitivity`` and ``specificity``, each with ``_low, _high`` (Wilson's 95 %
        interval) and ``_n``, the films that it counts; NaN where there is none.
    """
    order = confidence(scores, threshold) if order is None else order
    kept_last = np.argsort(order, kind="stable")
    y_true, hit = y_true[kept_last], (predict_labels(scores, threshold) == y_true)[kept_last]
    handed = np.unique(np.floor(np.linspace(0, 1, n_steps) * len(y_true) + 1e-9).astype(int))
    among = {"accuracy": np.ones(len(y_true), dtype=bool)}
    if scores.shape[1] == 2:
        among |= {"sensitivity": y_true == 1, "specificity": y_true == 0}
    columns: dict[str, np.ndarray | list] = {"share": handed / max(len(y_true), 1), "n_kept": len(y_true) - handed}
    for name, mask in among.items():
        found = [wilson(hits, n) for hits, n in zip(_left(hit & mask, handed), _left(mask, handed), strict=True)]
        columns |= {name: [one.value for one in found], f"{name}_low": [one.low for one in found]}
        columns |= {f"{name}_high": [one.high for one in found], f"{name}_n": [one.n_samples for one in found]}
    return pd.DataFrame(columns)


def _left(mask: np.ndarray, handed: np.ndarray) -> np.ndarray:
    """How many are left of a kind when the first so many films are handed over."""
    return mask.sum() - np.concatenate([[0], np.cumsum(mask)])[handed]


def _logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(np.asarray(p, dtype=np.float64), EPSILON, 1 - EPSILON)
    return np.log(p) - np.log1p(-p)
