import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from core.embedding import layout
from core.embedding.layout import fitted_rows, lay_out


@pytest.fixture(scope="module")
def planted():
    """Three clumps in ten dimensions: points, and which clump each is of."""
    rng, clump = np.random.default_rng(0), np.arange(120) % 3
    return (rng.normal(0, 20, (3, 10))[clump] + rng.normal(0, 1, (120, 10))).astype(np.float32), clump


def test_planted_clumps_lie_apart_and_the_same_points_give_the_same_map(planted):
    points, clump = planted
    told = []
    places = lay_out(points, lambda done, total: told.append((done, total)))
    assert places.dtype == np.uint16 and places.shape == (120, 2)
    assert silhouette_score(places.astype(float), clump) > 0.6
    assert told == [(30, 120), (60, 120), (90, 120), (120, 120)]
    assert np.array_equal(places, lay_out(points))


def test_of_very_many_the_others_go_beside_their_nearest(planted, monkeypatch):
    points, clump = planted
    monkeypatch.setattr(layout, "MOST_FITTED", 60)
    places = lay_out(points)
    assert len(fitted_rows(120)) == 60 and silhouette_score(places.astype(float), clump) > 0.6
    distances = np.linalg.norm(places[:, None].astype(float) - places[None], axis=2) + np.eye(120) * 1e9
    assert (clump[distances.argmin(axis=1)] == clump).all()


def test_the_longer_side_is_filled_and_the_other_lies_in_the_middle():
    places = layout._on_grid(np.array([[0.0, 1.0], [10.0, 3.0]])) / layout.SCALE
    assert places == pytest.approx(np.array([[0.02, 0.404], [0.98, 0.596]]), abs=1e-4)  # 0.5 ± 0.48, 0.5 ± 0.48 · 2 / 10


@pytest.mark.parametrize("points", [np.zeros((0, 3)), np.ones((1, 3)), np.eye(3), np.ones((40, 5))])
def test_too_few_images_or_all_alike_have_a_map_too(points):
    places = lay_out(points.astype(np.float32))
    assert places.shape == (len(points), 2) and len(np.unique(places, axis=0)) <= max(len(points), 1)
