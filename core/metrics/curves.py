"""Points of the curves that show a class's scores at every threshold: ROC, precision–recall, calibration, rates by threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.metrics import precision_recall_curve, roc_curve

from core.metrics.evaluation import select_split, wilson
from core.metrics.weighted import N_BINS

if TYPE_CHECKING:
    from core.runs import Run


def class_scores(run: Run, class_id: int = 1, split: str = "test") -> tuple[np.ndarray, np.ndarray]:
    """Whether each image is of a class, and the run's probability of that class.

    Parameters
    ----------
    run : Run
    class_id : int
    split : {"test", "val"}

    Returns
    -------
    y_true : ndarray of shape (n_samples,), int, 0 or 1
    y_score : ndarray of shape (n_samples,), float64

    Raises
    ------
    InputError
        If the run has no predictions for the split.
    """
    table = select_split(run.predictions, split, run.name)
    y_true = (table["y_true"] == class_id).to_numpy(dtype=np.int64)
    return y_true, table[f"p_{run.config.class_names[class_id]}"].to_numpy(dtype=np.float64)


def roc_points(y_true: np.ndarray, y_score: np.ndarray) -> pd.DataFrame:
    """``fpr, tpr, threshold`` from (0, 0) to (1, 1); empty if a class is missing."""
    if len(np.unique(y_true)) < 2:
        return pd.DataFrame(columns=["fpr", "tpr", "threshold"], dtype=float)
    return pd.DataFrame(dict(zip(("fpr", "tpr", "threshold"), roc_curve(y_true, y_score), strict=True)))


def precision_recall_points(y_true: np.ndarray, y_score: np.ndarray) -> pd.DataFrame:
    """``recall, precision, threshold`` by rising recall; empty if no image is of the class."""
    if not np.any(y_true):
        return pd.DataFrame(columns=["recall", "precision", "threshold"], dtype=float)
    precision, recall, threshold = precision_recall_curve(y_true, y_score)
    # scikit-learn ends with an invented point of recall 0 and precision 1, which no threshold gives.
    return pd.DataFrame({"recall": recall[:-1], "precision": precision[:-1], "threshold": threshold})[::-1].reset_index(drop=True)


def calibration_points(y_true: np.ndarray, y_score: np.ndarray) -> pd.DataFrame:
    """Mean probability and observed share in ten bins of equal width, as the calibration error counts them.

    Returns
    -------
    DataFrame
        ``predicted, observed, low, high, n_samples``, a row for each bin that holds images; Wilson's 95 % interval.
    """
    bins = np.minimum((y_score * N_BINS).astype(int), N_BINS - 1)
    rows = []
    for number in np.unique(bins):
        inside = bins == number
        share = wilson(int(y_true[inside].sum()), int(inside.sum()))
        rows.append((y_score[inside].mean(), share.value, share.low, share.high, share.n_samples))
    return pd.DataFrame(rows, columns=["predicted", "observed", "low", "high", "n_samples"])


def rates_by_threshold(y_true: np.ndarray, y_score: np.ndarray, n_steps: int = 201) -> pd.DataFrame:
    """``threshold, sensitivity, specificity`` at evenly spaced thresholds in [0, 1]; NaN where a class is missing."""
    thresholds = np.linspace(0, 1, n_steps)
    positive, negative = np.sort(y_score[y_true == 1]), np.sort(y_score[y_true == 0])
    with np.errstate(invalid="ignore"):
        sensitivity = 1 - np.searchsorted(positive, thresholds, side="left") / np.float64(len(positive))
        specificity = np.searchsorted(negative, thresholds, side="left") / np.float64(len(negative))
    return pd.DataFrame({"threshold": thresholds, "sensitivity": sensitivity, "specificity": specificity})
