"""What imbalance does and what each remedy does about it, in numbers, before anything is trained."""

from __future__ import annotations

import numpy as np

BETA = 0.999


def effective_number(counts: np.ndarray, beta: float = BETA) -> np.ndarray:
    """Effective number of samples, ``(1 − βⁿ) / (1 − β)`` (Cui et al. 2019, eq. 2).

    Parameters
    ----------
    counts : ndarray of shape (n_classes,), int
    beta : float
        In [0, 1). 0: every class counts as one image; near 1: as many as it has.

    Returns
    -------
    ndarray of shape (n_classes,), float
    """
    return (1 - np.power(beta, np.asarray(counts, dtype=float))) / (1 - beta)


def ratio(counts: np.ndarray) -> float:
    """Largest class to smallest, of images or of effective numbers; NaN where there are fewer than two classes or one is empty.

    Parameters
    ----------
    counts : ndarray of shape (n_classes,), int
        Images of each class.

    Returns
    -------
    float
    """
    counts = np.asarray(counts, dtype=float)
    return float(counts.max() / counts.min()) if len(counts) > 1 and counts.min() > 0 else float("nan")


def ratio_text(counts: np.ndarray) -> str:
    """``2.9 : 1``; an en dash where there is no ratio.

    Parameters
    ----------
    counts : ndarray of shape (n_classes,), int
        Images of each class.

    Returns
    -------
    str
    """
    found = ratio(counts)
    return "–" if np.isnan(found) else f"{found:.1f} : 1"


def balanced_weights(counts: np.ndarray) -> np.ndarray:
    """``n_samples / (n_classes · count)``, as scikit-learn's ``balanced`` and as training uses: (n_classes,); 0 for an empty class.

    Parameters
    ----------
    counts : ndarray of shape (n_classes,), int
        Images of each class.

    Returns
    -------
    ndarray of shape (n_classes,), float
    """
    counts = np.asarray(counts, dtype=float)
    return np.divide(counts.sum(), len(counts) * counts, out=np.zeros(len(counts)), where=counts > 0)


def shown_per_epoch(counts: np.ndarray, remedy: str) -> np.ndarray:
    """Images of each class that one epoch shows under a remedy: (n_classes,), int.

    As `core.training.input.class_sampling.draw` deals them.

    Parameters
    ----------
    counts : ndarray of shape (n_classes,), int
        Images of each class.
    remedy : str
        ``none``, ``class_weights``, ``oversample`` or the like, as a recipe has it.

    Returns
    -------
    ndarray of shape (n_classes,), int
    """
    counts = np.asarray(counts)
    present = counts > 0
    if remedy == "oversample":
        return np.where(present, counts.max(initial=0), 0)
    if remedy == "undersample":
        return np.where(present, counts[present].min() if present.any() else 0, 0)
    return counts


def loss_shares(counts: np.ndarray, remedy: str) -> np.ndarray:
    """Share of the loss that falls on each class while every image is equally hard: (n_classes,), sums to 1.

    This is the prior that a model trained so comes to expect. The focal loss (Lin et al. 2017) starts there too, and then plays down
    whatever is already told apart.

    Parameters
    ----------
    counts : ndarray of shape (n_classes,), int
        Images of each class.
    remedy : str
        ``none``, ``class_weights``, ``oversample`` or the like, as a recipe has it.

    Returns
    -------
    ndarray of shape (n_classes,), float
    """
    weight = balanced_weights(counts) if remedy == "class_weights" else np.ones(len(counts))
    mass = weight * shown_per_epoch(counts, remedy)
    return mass / mass.sum() if mass.sum() else mass


def focal_factor(probability: np.ndarray, gamma: float) -> np.ndarray:
    """What the focal loss multiplies cross-entropy by, ``(1 − p)^γ`` (Lin et al. 2017, eq. 4), p the probability of the true class.

    Parameters
    ----------
    probability : ndarray of any shape, float
        Of the true class, in [0, 1].
    gamma : float
        At least 0.

    Returns
    -------
    ndarray of the same shape, float
    """
    return (1 - np.asarray(probability, dtype=float)) ** gamma


def moved_threshold(train_prior: float, expected_prior: float) -> float:
    """Where a calibrated score of class 1 equals even odds once the prior changes (Saerens et al. 2002; Elkan 2001, theorem 2).

    Parameters
    ----------
    train_prior, expected_prior : float
        Share of class 1 in training and where the model will be used, in (0, 1).

    Returns
    -------
    float
        Call class 1 where its score is at least this; 0.5 if the priors are equal.
    """
    against = train_prior * (1 - expected_prior)
    return against / (against + (1 - train_prior) * expected_prior)


def predictive_values(sensitivity: float, specificity: float, prevalence: float) -> tuple[float, float]:
    """Positive and negative predictive value by Bayes' rule; NaN where nobody is called ill, or nobody healthy.

    Parameters
    ----------
    sensitivity, specificity, prevalence : float
        In [0, 1].

    Returns
    -------
    ppv, npv : float
    """
    ill, well = prevalence, 1 - prevalence
    called, cleared = sensitivity * ill + (1 - specificity) * well, (1 - sensitivity) * ill + specificity * well
    return (sensitivity * ill / called if called else float("nan"), specificity * well / cleared if cleared else float("nan"))
