"""Points of the curves that show a class's scores at every threshold: ROC, precision–recall, calibration, rates by threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from core.metrics.statistics.intervals import wilson
from core.metrics.statistics.weighted import bin_numbers

MOST_POINTS = 1000  # a curve of 100,000 images looks the same, and a page of twenty stays light


def roc_points(y_true: np.ndarray, y_score: np.ndarray) -> pd.DataFrame:
    """``fpr, tpr, threshold`` from (0, 0) to (1, 1); empty if a class is missing.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
    y_score : ndarray of shape (n_samples,), float
        Higher for the class.

    Returns
    -------
    DataFrame
    """
    if len(np.unique(y_true)) < 2:
        return pd.DataFrame(columns=["fpr", "tpr", "threshold"], dtype=float)
    from sklearn.metrics import roc_curve  # seconds to load, which no page has to wait for

    return thinned(pd.DataFrame(dict(zip(("fpr", "tpr", "threshold"), roc_curve(y_true, y_score), strict=True))), "fpr", "tpr")


def det_points(y_true: np.ndarray, y_score: np.ndarray) -> pd.DataFrame:
    """Detection error trade-off: where the ROC curve crowds into its corner, this one spreads out.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
    y_score : ndarray of shape (n_samples,), float
        Higher for the class.

    Returns
    -------
    DataFrame
        ``fpr, fnr, threshold`` where neither error rate is 0 or 1, and their normal deviates ``x, y``, in which the scores of
        two normal distributions lie on a straight line; empty if there is no such point.

    References
    ----------
    Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997.
    """
    if len(np.unique(y_true)) < 2:
        return pd.DataFrame(columns=["fpr", "fnr", "threshold", "x", "y"], dtype=float)
    from sklearn.metrics import det_curve

    points = pd.DataFrame(dict(zip(("fpr", "fnr", "threshold"), det_curve(y_true, y_score), strict=True)))
    points = points[points["fpr"].between(0, 1, "neither") & points["fnr"].between(0, 1, "neither")].reset_index(drop=True)
    return thinned(points.assign(x=ndtri(points["fpr"]), y=ndtri(points["fnr"])), "x", "y")


def precision_recall_points(y_true: np.ndarray, y_score: np.ndarray) -> pd.DataFrame:
    """``recall, precision, threshold`` by rising recall; empty if no image is of the class.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
    y_score : ndarray of shape (n_samples,), float
        Higher for the class.

    Returns
    -------
    DataFrame
    """
    if not np.any(y_true):
        return pd.DataFrame(columns=["recall", "precision", "threshold"], dtype=float)
    from sklearn.metrics import precision_recall_curve

    precision, recall, threshold = precision_recall_curve(y_true, y_score)
    # scikit-learn ends with an invented point of recall 0 and precision 1, which no threshold gives.
    points = pd.DataFrame({"recall": recall[:-1], "precision": precision[:-1], "threshold": threshold})[::-1].reset_index(drop=True)
    return thinned(points, "recall", "precision")


def calibration_points(y_true: np.ndarray, y_score: np.ndarray) -> pd.DataFrame:
    """Mean probability and observed share in ten bins of equal width, as the calibration error counts them.

    Returns
    -------
    DataFrame
        ``predicted, observed, low, high, n_samples``, a row for each bin that holds images; Wilson's 95 % interval.
    """
    bins = bin_numbers(y_score)
    rows = []
    for number in np.unique(bins):
        inside = bins == number
        share = wilson(int(y_true[inside].sum()), int(inside.sum()))
        rows.append((y_score[inside].mean(), share.value, share.low, share.high, share.n_samples))
    return pd.DataFrame(rows, columns=["predicted", "observed", "low", "high", "n_samples"])


def rates_by_threshold(y_true: np.ndarray, y_score: np.ndarray, n_steps: int = 201, thresholds: np.ndarray | None = None) -> pd.DataFrame:
    """``threshold, sensitivity, specificity`` at `thresholds`, or evenly spaced in [0, 1]; NaN where a class is missing.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
    y_score : ndarray of shape (n_samples,), float
        Higher for the class.
    n_steps : int
        Thresholds, if none are given.
    thresholds : ndarray of shape (n_thresholds,), float, optional

    Returns
    -------
    DataFrame
    """
    thresholds = np.linspace(0, 1, n_steps) if thresholds is None else thresholds
    positive, negative = np.sort(y_score[y_true == 1]), np.sort(y_score[y_true == 0])
    with np.errstate(invalid="ignore"):
        sensitivity = 1 - np.searchsorted(positive, thresholds, side="left") / np.float64(len(positive))
        specificity = np.searchsorted(negative, thresholds, side="left") / np.float64(len(negative))
    return pd.DataFrame({"threshold": thresholds, "sensitivity": sensitivity, "specificity": specificity})


def score_histogram(y_true: np.ndarray, y_score: np.ndarray, class_names: tuple[str, ...], n_bins: int = 20) -> pd.DataFrame:
    """How the probabilities of one class are spread, for the images of each true class.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
        Class ids.
    y_score : ndarray of shape (n_samples,), float
        In [0, 1].
    class_names : tuple of str
    n_bins : int

    Returns
    -------
    DataFrame
        ``class_name, left, right, count, share``: a row for each class and bin; shares of the class, NaN if it has no image.
    """
    edges, tables = np.linspace(0, 1, n_bins + 1), []
    for class_id, name in enumerate(class_names):
        count = np.histogram(y_score[y_true == class_id], edges)[0]
        share = count / count.sum() if count.any() else np.full(n_bins, np.nan)
        tables.append(pd.DataFrame({"class_name": name, "left": edges[:-1], "right": edges[1:], "count": count, "share": share}))
    return pd.concat(tables, ignore_index=True)


def thinned(points: pd.DataFrame, x: str, y: str, most: int = MOST_POINTS) -> pd.DataFrame:
    """At most so many of a curve's points, evenly along its way, the first and the last among them."""
    if len(points) <= most:
        return points
    steps = np.abs(np.diff(points[x], prepend=points[x].iloc[0])) + np.abs(np.diff(points[y], prepend=points[y].iloc[0]))
    way = np.cumsum(steps)
    rows = np.unique(np.searchsorted(way, np.linspace(0, way[-1], most)).clip(max=len(points) - 1))
    return points.iloc[np.union1d(rows[: most - 2], [0, len(points) - 1])].reset_index(drop=True)
