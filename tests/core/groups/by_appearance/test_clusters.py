"""How many groups, which, and that they are fitted on train alone."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score

from core.groups.by_appearance.clusters import choose_k, cluster, reduce


def blobs(n_blobs: int, n: int = 240, spread: float = 0.8):
    of = np.arange(n) % n_blobs
    return (6 * np.eye(7)[of] + np.random.default_rng(1).normal(0, spread, (n, 7))).astype(np.float32), of


@pytest.mark.parametrize("n_blobs", [4, pytest.param(7, marks=pytest.mark.long)])
def test_the_number_that_comes_back_best_is_the_number_that_is_there(n_blobs):
    points, of = blobs(n_blobs)
    k, stability = choose_k(points.astype(float), np.arange(240))
    assert k == n_blobs and stability > 0.95
    found = cluster(points, np.arange(240), np.arange(240))
    assert adjusted_rand_score(found.assign(points), of) == 1 and found.stability == stability


@pytest.mark.long
def test_the_same_images_give_the_same_groups_the_largest_first():
    points, _ = blobs(6, spread=3)
    first, again = (cluster(points, np.arange(200), np.arange(240)).assign(points) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (np.diff(np.bincount(first[:200])) <= 0).all()


def test_images_of_test_move_nothing():
    points, _ = blobs(5)
    moved = points.copy()
    moved[200:] += 100
    one, other = (cluster(values, np.arange(200), np.arange(240), 5) for values in (points, moved))
    np.testing.assert_array_equal(one.centres, other.centres)
    features = np.random.default_rng(0).normal(size=(60, 9)).astype(np.float32)
    far = np.r_[features[:50], features[50:] * 50]
    np.testing.assert_allclose(reduce(features, np.arange(50))[:50], reduce(far, np.arange(50))[:50], atol=1e-5)


def test_axes_are_those_of_scikit_learn():
    features = np.random.default_rng(0).normal(size=(60, 9)) * np.arange(1, 10)
    found, expected = reduce(features, np.arange(50)), PCA().fit(features[:50]).transform(features)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-3)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 2), (19, 2), (39, 3), (40, 4)])
def test_small_sets_get_few_groups(n, k):
    points = np.random.default_rng(0).normal(size=(n, 3))
    assert len(cluster(points, np.arange(n), np.arange(n)).centres) == k


def test_no_more_groups_than_different_images():
    points = np.repeat(np.eye(3), 20, axis=0)
    assert len(cluster(points, np.arange(60), np.arange(60), 12).centres) == 3
    alike = cluster(np.ones((60, 3)), np.arange(60), np.arange(60))
    assert len(alike.centres) == 1 and np.isnan(alike.stability)


@pytest.mark.long
def test_films_of_one_patient_do_not_make_a_number_come_back():
    """Pairs of twins lie together whoever is drawn; of 30 patients in no order, no number of groups is trusted."""
    patients = np.arange(30).repeat(4)
    points = np.random.default_rng(0).normal(size=(30, 6))[patients] + np.random.default_rng(1).normal(0, 0.01, (120, 6))
    assert choose_k(points, patients)[1] < 0.5 < choose_k(points, np.arange(120))[1]
