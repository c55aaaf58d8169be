"""Confident learning: which given labels a model's held-out scores contradict with confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST = 5  # images of a class, without which its mean score says nothing


@dataclass(frozen=True, eq=False)
class Contradicted:
    """What one model's scores say of given labels.

    Attributes
    ----------
    called : ndarray of shape (n_samples,), int
        The class that the model is confident of; -1 where it is confident of none.
    confidence : ndarray of shape (n_samples,), float64
        Probability of the given label.
    margin : ndarray of shape (n_samples,), float64
        That less the largest probability of any other class, in [-1, 1].
    """

    called: np.ndarray
    confidence: np.ndarray
    margin: np.ndarray


def contradicted(y: np.ndarray, scores: np.ndarray) -> Contradicted:
    """Confident calls, self-confidence and margin of held-out scores.

    A model is confident of a class where its probability reaches the mean that it gives to images labelled so (eq. 2 of Northcutt et
    al. 2021); of several such classes the most probable counts (eq. 1). So a model that is too sure or too shy of a class is not held to
    0.5. Nothing is called a class of fewer than five images.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), int
        Given labels.
    scores : ndarray of shape (n_samples, n_classes), float
        Probabilities by a model that was not trained on these images.

    Returns
    -------
    Contradicted

    References
    ----------
    Northcutt, Jiang and Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 70 (2021) 1373.
    """
    scores, rows = np.asarray(scores, dtype=np.float64), np.arange(len(y))
    confidence = scores[rows, y]
    sizes = np.bincount(y, minlength=scores.shape[1])
    means = np.bincount(y, weights=confidence, minlength=scores.shape[1]) / np.maximum(sizes, 1)
    reached = scores >= np.where(sizes >= FEWEST, means, np.inf) - 1e-12
    called = np.where(reached.any(axis=1), np.where(reached, scores, -1).argmax(axis=1), -1)
    others = scores.copy()
    others[rows, y] = -1
    return Contradicted(called, confidence, confidence - others.max(axis=1, initial=0))
