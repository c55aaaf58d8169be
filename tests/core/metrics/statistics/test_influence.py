"""Every influence is the derivative of its weighted namesake, and its sums over patients give the bootstrap's spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.metrics.statistics import influence, weighted
from core.metrics.statistics.clusters import patients_of
from core.metrics.statistics.delong import delong
from core.metrics.statistics.resampling import sample

STEP = 1e-6


def labels_and_scores(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y_true = np.r_[0, 1, rng.integers(0, 2, n - 2)]
    return y_true, np.clip(np.round(0.3 * y_true + 0.7 * rng.random(n), 2), 0, 0.999) + 0.0003


def arguments(metric: str, seed: int) -> tuple:
    y_true, y_score = labels_and_scores(seed)
    if metric.startswith("macro"):
        rng = np.random.default_rng(seed)
        y_true, scores = np.r_[0, 1, 2, rng.integers(0, 3, 57)], rng.dirichlet(np.ones(3), 60)
        return (y_true, scores) if metric == "macro_roc_auc" else (y_true, scores.argmax(axis=1), 3)
    if metric == "mean":
        return y_score, y_true == 1
    return (y_true, (y_score > 0.5).astype(int)) if metric == "f1" else (y_true, y_score)


METRICS = ["roc_auc", "average_precision", "brier", "ece", "mean", "f1", "macro_f1", "macro_roc_auc"]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("metric", METRICS)
def test_it_is_the_derivative_by_each_weight(metric, seed):
    given = arguments(metric, seed)
    value, found = getattr(influence, metric)(*given)
    statistic, n = getattr(weighted, metric)(*given), len(given[0])
    up, down = statistic(1 + STEP * np.eye(n)), statistic(1 - STEP * np.eye(n))
    assert value == pytest.approx(statistic(np.ones((1, n)))[0])
    assert found == pytest.approx((up - down) / (2 * STEP), abs=1e-6)
    assert found.sum() == pytest.approx(0, abs=1e-9)


def test_what_one_class_leaves_undefined():
    y_true, y_score = np.zeros(4, int), np.linspace(0, 1, 4)
    assert np.isnan(influence.roc_auc(y_true, y_score)[0]) and np.isnan(influence.average_precision(y_true, y_score)[0])
    assert np.isnan(influence.mean(y_score, y_true == 1)[0]) and np.isnan(influence.f1(y_true, y_true)[0])


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision", "brier", "f1"])
def test_it_spreads_as_the_bootstrap_over_patients_does(metric):
    y_true, y_score = labels_and_scores(5, 900)
    patients = patients_of(pd.Series([f"test/PNEUMONIA/person{i // 3}_virus_{i}.jpeg" for i in range(900)]))
    given = [(y_true, (y_score > 0.5).astype(int) if metric == "f1" else y_score)]
    drawn, summed = sample(metric, given, patients, draw=True), sample(metric, given, patients, draw=False)
    assert summed.values == pytest.approx(drawn.values)
    assert summed.variance(0) == pytest.approx(drawn.variance(0), rel=0.15)
    assert summed.interval(0) == pytest.approx(drawn.interval(0), abs=0.006)


def test_of_images_each_their_own_patient_it_is_delong():
    y_true, y_score = labels_and_scores(2, 400)
    patients = patients_of(pd.Series([f"x{i}" for i in range(400)]))
    found = sample("roc_auc", [(y_true, y_score)], patients, draw=False)
    assert found.variance(0) == pytest.approx(delong(y_true, y_score)[1][0, 0], rel=0.01)
