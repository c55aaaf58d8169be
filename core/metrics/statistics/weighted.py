"""Metrics of scores under sample weights, for many weightings at once; ones give the plain metric.

Every function takes labels once and returns a statistic: weights of shape (n_draws, n_samples) to values of shape (n_draws,).
"""

from __future__ import annotations

import numpy as np

from core.metrics.statistics.statistic import Ratio, Statistic, ratio

N_BINS = 10
MOST_PAIRS = 1_000_000  # of a case and a control, up to which a matrix product is quicker than sorting


def roc_auc(y_true: np.ndarray, y_score: np.ndarray) -> Statistic:
    """Area under the ROC curve, ties counted half (Mann-Whitney)."""
    positive = np.asarray(y_true, dtype=bool)
    if positive.sum() * (~positive).sum() <= MOST_PAIRS:
        return _roc_auc_of_pairs(positive, y_score)
    order, starts = ordered_groups(y_score)
    positive = positive[order]

    def statistic(weights: np.ndarray) -> np.ndarray:
        ordered = weights[:, order]
        pos, neg = _group_sums(ordered * positive, starts), _group_sums(ordered * ~positive, starts)
        below = np.cumsum(neg, axis=1) - neg
        return ratio((pos * (below + neg / 2)).sum(axis=1), pos.sum(axis=1) * neg.sum(axis=1))

    return statistic


def _roc_auc_of_pairs(positive: np.ndarray, y_score: np.ndarray) -> Statistic:
    case, control = np.asarray(y_score)[positive][:, None], np.asarray(y_score)[~positive]
    wins = (case > control) + (case == control) / 2

    def statistic(weights: np.ndarray) -> np.ndarray:
        pos, neg = weights[:, positive], weights[:, ~positive]
        return ratio(((pos @ wins) * neg).sum(axis=1), pos.sum(axis=1) * neg.sum(axis=1))

    return statistic


def average_precision(y_true: np.ndarray, y_score: np.ndarray) -> Statistic:
    """Sum over thresholds of precision times the gain in recall, as scikit-learn defines it."""
    order, starts = ordered_groups(-np.asarray(y_score))
    positive = np.asarray(y_true, dtype=bool)[order]

    def statistic(weights: np.ndarray) -> np.ndarray:
        ordered = weights[:, order]
        pos = _group_sums(ordered * positive, starts)
        called = np.cumsum(_group_sums(ordered, starts), axis=1)
        precision = np.divide(np.cumsum(pos, axis=1), called, out=np.zeros_like(called), where=called > 0)
        return ratio((precision * pos).sum(axis=1), pos.sum(axis=1))

    return statistic


def brier(y_true: np.ndarray, y_score: np.ndarray) -> Ratio:
    """Mean squared distance of probability and outcome (Brier 1950)."""
    return mean((y_score - y_true) ** 2)


def ece(y_true: np.ndarray, y_score: np.ndarray) -> Statistic:
    """Expected calibration error of the probability of class 1 in ten bins of equal width (Naeini et al. 2015)."""
    member = (bin_numbers(y_score)[:, None] == np.arange(N_BINS)).astype(np.float64)
    gap = member * (y_true - y_score)[:, None]

    def statistic(weights: np.ndarray) -> np.ndarray:
        return ratio(np.abs(weights @ gap).sum(axis=1), weights.sum(axis=1))

    return statistic


def mean(values: np.ndarray, among: np.ndarray | None = None) -> Ratio:
    """Mean of `values` (n_samples,), over the samples where `among` is true."""
    among = np.ones(len(values)) if among is None else among.astype(np.float64)
    return Ratio(values * among, among)


def macro_f1(y_true: np.ndarray, y_pred: np.ndarray, n_classes: int) -> Statistic:
    """Unweighted mean of each class's F1; NaN where a class has no image."""
    scores = [f1(y_true == class_id, y_pred == class_id) for class_id in range(n_classes)]
    return lambda weights: np.mean([score(weights) for score in scores], axis=0)


def f1(y_true: np.ndarray, y_pred: np.ndarray) -> Ratio:
    """Harmonic mean of precision and recall of class 1; NaN without a positive, for then there is no recall."""
    hit = y_true.astype(bool) & y_pred.astype(bool)
    counted = y_true.astype(np.float64) + y_pred.astype(np.float64)
    return Ratio(2.0 * hit, counted if y_true.any() else np.zeros(len(counted)))


def macro_roc_auc(y_true: np.ndarray, scores: np.ndarray) -> Statistic:
    """Mean of the one-against-rest areas; `scores` of shape (n_samples, n_classes)."""
    areas = [roc_auc(y_true == class_id, scores[:, class_id]) for class_id in range(scores.shape[1])]
    return lambda weights: np.mean([area(weights) for area in areas], axis=0)


def bin_numbers(y_score: np.ndarray) -> np.ndarray:
    """Which of ten bins of equal width each probability falls in: ndarray of shape (n_samples,), int."""
    return np.minimum((np.asarray(y_score) * N_BINS).astype(np.int64), N_BINS - 1)


def ordered_groups(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The order of `values`, and where in it each run of equal ones starts."""
    order = np.argsort(values, kind="stable")
    ordered = np.asarray(values)[order]
    return order, np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])


def _group_sums(ordered: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return ordered if len(starts) == ordered.shape[1] else np.add.reduceat(ordered, starts, axis=1)
