"""The AUC of the group alone against scikit-learn, fold by fold."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.groups.statistics.alone import FOLDS, folds, group_auc


def drawn(n=400, n_classes=2, seed=0):
    rng = np.random.default_rng(seed)
    patients = np.sort(rng.integers(0, n // 2, n))
    y = rng.integers(0, n_classes, n // 2)[patients]
    groups = np.where(rng.random(n) < 0.6, y, rng.integers(0, 5, n))
    return groups, y, np.unique(patients, return_inverse=True)[1]


def with_sklearn(groups, y, patients, n_classes):
    """Scores one image at a time, areas by `roc_auc_score`."""
    of, areas = folds(y, patients), []
    for fold in range(FOLDS):
        rest, held = of != fold, of == fold
        for class_id in range(n_classes) if n_classes > 2 else (1,):
            share = (y[rest] == class_id).mean()
            score = {}
            for group in range(5):
                inside = groups[rest] == group
                score[group] = ((y[rest][inside] == class_id).sum() + share) / (inside.sum() + 1)
            areas.append(roc_auc_score(y[held] == class_id, [score[group] for group in groups[held]]))
    return np.mean(areas)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_it_is_what_scikit_learn_gives(n_classes):
    groups, y, patients = drawn(n_classes=n_classes)
    found = group_auc(groups, y, patients, (5, n_classes))
    assert found.value == pytest.approx(with_sklearn(groups, y, patients, n_classes), abs=1e-12)
    assert found.low < found.value < found.high and found.n_samples == len(y)


def test_no_patient_is_in_two_folds_and_classes_are_dealt_evenly():
    _, y, patients = drawn()
    of = folds(y, patients)
    assert all(len(set(of[patients == patient])) == 1 for patient in np.unique(patients))
    assert np.ptp([len(np.unique(patients[(of == fold) & (y == 1)])) for fold in range(FOLDS)]) <= 1


def test_a_group_that_names_the_patient_tells_nothing_of_others():
    rng = np.random.default_rng(1)
    patients = np.arange(20).repeat(20)
    y = rng.permutation(np.arange(20) % 2)[patients]
    assert group_auc(patients, y, patients, (20, 2)).value == pytest.approx(0.5)


def test_chance_is_one_half_and_a_full_tie_one():
    rng = np.random.default_rng(2)
    areas = [group_auc(rng.integers(0, 8, 200), rng.integers(0, 2, 200), np.arange(200), (8, 2)).value for _ in range(10)]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.03)
    y = np.arange(100) % 2
    assert group_auc(y, y, np.arange(100), (2, 2)).value == 1.0


@pytest.mark.parametrize(
    ("y", "patients"),
    [(np.zeros(50, int), np.arange(50)), (np.arange(50) % 2, np.zeros(50, int)), (np.r_[np.zeros(46, int), [1] * 4], np.arange(50))],
    ids=["one class", "one patient", "a class of four patients"],
)
def test_what_cannot_be_judged_is_undefined(y, patients):
    assert np.isnan(group_auc(np.arange(50) % 3, y, patients, (3, 2)).value)


def test_two_hundred_classes_take_no_minute():
    rng = np.random.default_rng(0)
    y = np.arange(200).repeat(6)
    found = group_auc(rng.integers(0, 20, 1200), y, np.arange(1200), (20, 200))
    assert 0.3 < found.value < 0.7 and np.isnan(found.low)


def test_where_every_group_has_the_same_shares_the_area_is_below_one_half():
    """Which is no tie: what a fold has more of, the other folds have less of."""
    groups, y = np.repeat(np.arange(4), 60), np.tile([0, 1, 1], 80)
    found = group_auc(groups, y, np.arange(240), (4, 2))
    assert found.value < 0.5
