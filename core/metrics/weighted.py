"""Metrics of scores under sample weights, for many weightings at once; ones give the plain metric.

Every function takes labels once and returns a statistic: weights of shape (n_draws, n_samples) to values of shape (n_draws,).
"""

from __future__ import annotations

import numpy as np

from core.metrics.bootstrap import Statistic

N_BINS = 10


def roc_auc(y_true: np.ndarray, y_score: np.ndarray) -> Statistic:
    """Area under the ROC curve, ties counted half (Mann-Whitney)."""
    order = np.argsort(y_score, kind="stable")
    starts = _tie_starts(y_score[order])
    positive = y_true[order].astype(bool)

    def statistic(weights: np.ndarray) -> np.ndarray:
        ordered = weights[:, order]
        pos = np.add.reduceat(ordered * positive, starts, axis=1)
        neg = np.add.reduceat(ordered * ~positive, starts, axis=1)
        below = np.cumsum(neg, axis=1) - neg
        return _ratio((pos * (below + neg / 2)).sum(axis=1), pos.sum(axis=1) * neg.sum(axis=1))

    return statistic


def average_precision(y_true: np.ndarray, y_score: np.ndarray) -> Statistic:
    """Sum over thresholds of precision times the gain in recall, as scikit-learn defines it."""
    order = np.argsort(-y_score, kind="stable")
    starts = _tie_starts(y_score[order])
    positive = y_true[order].astype(bool)

    def statistic(weights: np.ndarray) -> np.ndarray:
        ordered = weights[:, order]
        pos = np.add.reduceat(ordered * positive, starts, axis=1)
        called = np.cumsum(np.add.reduceat(ordered, starts, axis=1), axis=1)
        precision = np.divide(np.cumsum(pos, axis=1), called, out=np.zeros_like(called), where=called > 0)
        return _ratio((precision * pos).sum(axis=1), pos.sum(axis=1))

    return statistic


def brier(y_true: np.ndarray, y_score: np.ndarray) -> Statistic:
    """Mean squared distance of probability and outcome (Brier 1950)."""
    return mean((y_score - y_true) ** 2)


def ece(y_true: np.ndarray, y_score: np.ndarray) -> Statistic:
    """Expected calibration error of the probability of class 1 in ten bins of equal width (Naeini et al. 2015)."""
    bins = np.minimum((y_score * N_BINS).astype(int), N_BINS - 1)
    member = (bins[:, None] == np.arange(N_BINS)).astype(np.float64)
    gap = member * (y_true - y_score)[:, None]

    def statistic(weights: np.ndarray) -> np.ndarray:
        return _ratio(np.abs(weights @ gap).sum(axis=1), weights.sum(axis=1))

    return statistic


def mean(values: np.ndarray, among: np.ndarray | None = None) -> Statistic:
    """Mean of `values` (n_samples,), over the samples where `among` is true."""
    among = np.ones(len(values)) if among is None else among.astype(np.float64)

    def statistic(weights: np.ndarray) -> np.ndarray:
        return _ratio(weights @ (values * among), weights @ among)

    return statistic


def macro_f1(y_true: np.ndarray, y_pred: np.ndarray, n_classes: int) -> Statistic:
    """Unweighted mean of each class's F1."""
    scores = [f1(y_true == class_id, y_pred == class_id) for class_id in range(n_classes)]
    return lambda weights: np.mean([score(weights) for score in scores], axis=0)


def f1(y_true: np.ndarray, y_pred: np.ndarray) -> Statistic:
    """Harmonic mean of precision and recall of class 1; 0 where there is neither a positive nor a call."""
    hit = (y_true.astype(bool) & y_pred.astype(bool)).astype(np.float64)
    total = y_true.astype(np.float64) + y_pred.astype(np.float64)

    def statistic(weights: np.ndarray) -> np.ndarray:
        called = weights @ total
        return np.divide(2 * (weights @ hit), called, out=np.zeros_like(called), where=called > 0)

    return statistic


def macro_roc_auc(y_true: np.ndarray, scores: np.ndarray) -> Statistic:
    """Mean of the one-against-rest areas; `scores` of shape (n_samples, n_classes)."""
    areas = [roc_auc(y_true == class_id, scores[:, class_id]) for class_id in range(scores.shape[1])]
    return lambda weights: np.mean([area(weights) for area in areas], axis=0)


def _tie_starts(ordered: np.ndarray) -> np.ndarray:
    """First position of each run of equal scores."""
    return np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    return np.divide(numerator, denominator, out=np.full(denominator.shape, np.nan), where=denominator > 0)
