"""How much each image moves a metric: the derivative by its weight. Their sums over patients give intervals without any drawing.

Every function has the arguments of its namesake in `core.metrics.statistics.weighted` and returns the metric, and for every sample the
derivative of the metric by that sample's weight at weights of one: ndarray of shape (n_samples,), summing to 0.

References
----------
Jaeckel, "The infinitesimal jackknife", Bell Laboratories Memorandum MM 72-1215-11 (1972); for areas under ROC curves of
clustered images it is Obuchowski, Biometrics 53 (1997) 567.
"""

from __future__ import annotations

import numpy as np

from core.metrics.statistics import weighted
from core.metrics.statistics.delong import placements
from core.metrics.statistics.statistic import Ratio
from core.metrics.statistics.weighted import bin_numbers, ordered_groups

Influence = tuple[float, np.ndarray]


def roc_auc(y_true: np.ndarray, y_score: np.ndarray) -> Influence:
    """Area under the ROC curve."""
    positive = np.asarray(y_true, dtype=bool)
    m, n = positive.sum(), (~positive).sum()
    if not m or not n:
        return _undefined(len(y_true))
    placed = placements(positive, y_score)
    area = placed[positive].mean()
    return float(area), (placed - area) / np.where(positive, m, n)


def average_precision(y_true: np.ndarray, y_score: np.ndarray) -> Influence:
    """Average precision."""
    if not np.any(y_true):
        return _undefined(len(y_true))
    order, starts = ordered_groups(-np.asarray(y_score))
    positive = np.asarray(y_true, dtype=np.float64)[order]
    sizes = np.diff(np.r_[starts, len(order)])
    hits = np.add.reduceat(positive, starts)
    found, called = np.cumsum(hits), np.cumsum(sizes)
    value = (hits * found / called).sum() / hits.sum()
    up = np.cumsum((hits / called)[::-1])[::-1]  # what one more case here adds to the precision at every lower threshold
    down = np.cumsum((hits * found / called**2)[::-1])[::-1]  # what one more call takes from it
    by_group = [np.repeat(part, sizes) for part in (found / called + up, down)]
    influence = np.empty(len(order))
    influence[order] = (positive * (by_group[0] - value) - by_group[1]) / hits.sum()
    return float(value), influence


def brier(y_true: np.ndarray, y_score: np.ndarray) -> Influence:
    """Brier score."""
    return _of_ratio(weighted.brier(y_true, y_score))


def ece(y_true: np.ndarray, y_score: np.ndarray) -> Influence:
    """Expected calibration error of the probability of class 1."""
    bins, gap = bin_numbers(y_score), y_true - y_score
    sums = np.bincount(bins, gap)
    value = np.abs(sums).sum() / len(gap)
    return float(value), (np.sign(sums)[bins] * gap - value) / len(gap)


def mean(values: np.ndarray, among: np.ndarray | None = None) -> Influence:
    """Mean of `values` over the samples where `among` is true."""
    return _of_ratio(weighted.mean(values, among))


def f1(y_true: np.ndarray, y_pred: np.ndarray) -> Influence:
    """F1 of class 1."""
    return _of_ratio(weighted.f1(y_true, y_pred))


def macro_f1(y_true: np.ndarray, y_pred: np.ndarray, n_classes: int) -> Influence:
    """Unweighted mean of each class's F1."""
    return _average([f1(y_true == class_id, y_pred == class_id) for class_id in range(n_classes)])


def macro_roc_auc(y_true: np.ndarray, scores: np.ndarray) -> Influence:
    """Mean of the one-against-rest areas; `scores` of shape (n_samples, n_classes)."""
    return _average([roc_auc(y_true == class_id, scores[:, class_id]) for class_id in range(scores.shape[1])])


def _of_ratio(ratio: Ratio) -> Influence:
    total = ratio.bottom.sum()
    if not total:
        return ratio.empty, np.zeros(len(ratio.bottom))
    value = ratio.top.sum() / total
    return float(value), (ratio.top - value * ratio.bottom) / total


def _undefined(n_samples: int) -> Influence:
    return float("nan"), np.full(n_samples, np.nan)


def _average(parts: list[Influence]) -> Influence:
    values, influences = zip(*parts, strict=True)
    return float(np.mean(values)), np.mean(influences, axis=0)
