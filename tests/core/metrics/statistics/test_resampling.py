"""Intervals and paired differences of several runs, by draws and by influences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.metrics.statistics import resampling as sampling
from core.metrics.statistics.clusters import patients_of
from core.metrics.statistics.resampling import sample


@pytest.fixture
def two_runs():
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 2, 500)
    better, worse = (np.clip(k * y_true + (1 - k) * rng.random(500), 0, 1) for k in (0.4, 0.2))
    patients = patients_of(pd.Series([f"test/PNEUMONIA/person{i // 2}_virus_{i}.jpeg" for i in range(500)]))
    return [(y_true, worse), (y_true, better)], patients


def test_large_test_sets_go_without_draws(two_runs, monkeypatch):
    assert sample("roc_auc", *two_runs).drawn
    monkeypatch.setattr(sampling, "LARGE", 499)
    assert not sample("roc_auc", *two_runs).drawn


def test_both_ways_say_the_same(two_runs):
    drawn, summed = (sample("roc_auc", *two_runs, draw=draw) for draw in (True, False))
    for row in (0, 1):
        assert summed.interval(row) == pytest.approx(drawn.interval(row), abs=0.01)
    assert summed.difference(0, 1)[:2] == pytest.approx(drawn.difference(0, 1)[:2], abs=0.002)
    assert all(found.difference(0, 1)[2] < 1e-9 for found in (drawn, summed)), "no p-value stops at what so many draws can tell"


@pytest.mark.parametrize("draw", [True, False])
def test_the_sign_turns_with_the_order_and_nothing_else(two_runs, draw):
    found = sample("roc_auc", *two_runs, draw=draw)
    one, other = found.difference(0, 1), found.difference(1, 0)
    assert one[0] == pytest.approx(-other[0]) and one[1:] == pytest.approx(other[1:])
    assert found.difference(0, 0) == (0, 0, 1)


def test_taking_runs_keeps_their_replicates(two_runs):
    found = sample("roc_auc", *two_runs)
    assert found.take([1]).interval(0) == found.interval(1) and found.take([1, 0]).difference(1, 0) == found.difference(0, 1)


@pytest.mark.parametrize("draw", [True, False])
def test_undefined_metrics_stay_undefined(two_runs, draw):
    patients = two_runs[1]
    found = sample("roc_auc", [(np.ones(500, int), np.linspace(0, 1, 500))], patients, draw=draw)
    assert np.isnan(found.values[0]) and np.isnan(found.interval(0)).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("draw", [True, False])
def test_the_images_of_one_patient_tell_nothing_of_scatter(draw):
    patients = patients_of(pd.Series(["test/NORMAL/IM-0001-0001.jpeg", "test/NORMAL/IM-0001-0002.jpeg"]))
    found = sample("mean", [(np.array([0.0, 1.0]),), (np.array([1.0, 1.0]),)], patients, draw=draw)
    assert found.values.tolist() == [0.5, 1.0] and np.isnan(found.variance(0))
    assert np.isnan(found.interval(0)).all() and np.isnan(found.difference(0, 1)[1:]).all()


@pytest.mark.parametrize("draw", [True, False])
@pytest.mark.parametrize(("n_patients", "least"), [(2, 0.5), (4, 0.125), (20, 2**-19)])
def test_no_few_patients_make_a_difference_certain(n_patients, least, draw):
    """A coin that falls the same way for each of n patients has a two-sided p of 2^(1 − n)."""
    patients = patients_of(pd.Series([f"test/NORMAL/IM-{i:04d}-0001.jpeg" for i in range(n_patients)]))
    found = sample("mean", [(np.zeros(n_patients),), (np.ones(n_patients),)], patients, draw)
    assert found.difference(0, 1) == pytest.approx((1, 0, least))
