"""Whole patients are drawn, by the seed, and the interval covers what it should."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.metrics.statistics import bootstrap, weighted
from core.metrics.statistics.bootstrap import cluster_weights, draws, percentile_interval
from core.metrics.statistics.clusters import Patients, patients_of


def patients(images_a_patient: list[int]) -> Patients:
    return patients_of(pd.Series([f"test/PNEUMONIA/person{p}_virus_{i}.jpeg" for p, n in enumerate(images_a_patient) for i in range(n)]))


def test_images_of_one_patient_are_drawn_together():
    sizes = [3, 1, 4, 2, 5]
    weights = np.concatenate(list(cluster_weights(patients(sizes), 200)))
    assert weights.shape == (200, 15) and weights.dtype == np.float64
    ends = np.cumsum(sizes)
    for begin, end in zip(ends - sizes, ends, strict=True):
        assert (weights[:, begin:end] == weights[:, [begin]]).all()
    assert (weights[:, ends - 1].sum(axis=1) == 5).all()  # as many patients as there are
    assert weights[:, 0].mean() == pytest.approx(1, abs=0.2)


def test_names_without_patients_are_drawn_one_by_one():
    weights = np.concatenate(list(cluster_weights(patients_of(pd.Series(["a", "b", "c", "d"])), 300)))
    assert (weights.sum(axis=1) == 4).all() and len(np.unique(weights, axis=0)) > 20


def test_the_seed_decides():
    ids = patients([2] * 10)
    one, again, other = (np.concatenate(list(cluster_weights(ids, 50, seed))) for seed in (1, 1, 2))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_chunks_keep_memory_flat_and_change_nothing(monkeypatch):
    ids, statistic = patients([2] * 30), {"mean": weighted.mean(np.arange(60.0))}
    whole = draws(statistic, ids, 100)["mean"]
    monkeypatch.setattr(bootstrap, "CHUNK_CELLS", 60 * 7)
    assert [len(chunk) for chunk in cluster_weights(ids, 100)] == [7] * 14 + [2]
    assert np.array_equal(draws(statistic, ids, 100)["mean"], whole)


def test_it_agrees_with_drawing_by_hand():
    """The standard error of a mean of independent images is s / √n."""
    values = np.random.default_rng(0).normal(size=400)
    found = draws({"mean": weighted.mean(values)}, patients([1] * 400), 2000)["mean"]
    assert found.std() == pytest.approx(values.std() / 20, rel=0.1) and found.mean() == pytest.approx(values.mean(), abs=0.01)


def test_images_that_repeat_their_patient_widen_the_interval():
    """Ten copies of each patient's value carry no more than one: the interval is that of the patients."""
    values = np.random.default_rng(0).normal(size=60)
    low, high = percentile_interval(draws({"m": weighted.mean(values)}, patients([1] * 60))["m"])
    low10, high10 = percentile_interval(draws({"m": weighted.mean(values.repeat(10))}, patients([10] * 60))["m"])
    assert (low10, high10) == pytest.approx((low, high))


def test_about_95_of_100_intervals_cover_the_truth():
    rng, covered = np.random.default_rng(0), 0
    for _ in range(200):
        values_of_patients = rng.normal(size=40).repeat(3)  # truth 0; three images a patient
        values = values_of_patients + 0.5 * rng.normal(size=120)
        low, high = percentile_interval(draws({"m": weighted.mean(values)}, patients([3] * 40), 300)["m"])
        covered += low <= 0 <= high
    assert 178 <= covered <= 198  # 0.89 to 0.99


def test_percentile_interval_goldens():
    assert percentile_interval(np.arange(1001.0)) == pytest.approx((25, 975))
    assert percentile_interval(np.array([1.0, np.nan, 3.0])) == pytest.approx((1.05, 2.95))
    assert np.isnan(percentile_interval(np.array([1.0, np.nan, np.nan]))).all()
