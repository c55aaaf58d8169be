"""Deletion and insertion, by hand and on a model whose true map is known."""

import numpy as np
import pytest
from sklearn.metrics import auc

from core.saliency.checks.deletion_insertion import DELETION_INSERTION, N_STEPS, area_between, importance_rank, sequences


def test_most_important_pixel_has_rank_0_and_ties_are_not_taken_from_the_top_left():
    heatmap = np.zeros((40, 40), np.float32)
    heatmap[30, 5], heatmap[3, 2] = 1.0, 0.5
    rank = importance_rank(heatmap)
    assert (rank[30, 5], rank[3, 2]) == (0.0, np.float32(1 / 1600))
    assert np.unique(rank).size == 1600
    position = np.arange(1600).reshape(40, 40)
    assert abs(np.corrcoef(rank.ravel(), position.ravel())[0, 1]) < 0.3


def test_sequences_run_from_the_image_to_its_mean_and_from_a_blur_to_the_image(spot_image, spot_mask):
    image = np.repeat(spot_image[..., None], 3, axis=-1).astype(np.float32)
    deleted, inserted = sequences(image, spot_mask.astype(np.float32))
    assert deleted.shape == inserted.shape == (N_STEPS + 1, *image.shape)
    np.testing.assert_array_equal(deleted[0], image)
    np.testing.assert_array_equal(deleted[-1], np.full_like(image, image.mean()))
    np.testing.assert_array_equal(inserted[-1], image)
    assert np.abs(np.diff(inserted[0], axis=0)).mean() < 0.5 * np.abs(np.diff(image, axis=0)).mean()
    # the spot is 1/16 of the picture: gone from the first step on, and there from the first step on
    np.testing.assert_allclose(deleted[1][spot_mask], image.mean(), rtol=1e-5)
    np.testing.assert_array_equal(inserted[1][spot_mask], image[spot_mask])


def test_area_is_the_trapezoid_rule_of_insertion_minus_deletion():
    scores = np.random.default_rng(0).random((3, 2, N_STEPS + 1))
    shares = np.linspace(0, 1, N_STEPS + 1)
    expected = [auc(shares, insertion) - auc(shares, deletion) for deletion, insertion in scores]
    np.testing.assert_allclose(area_between(scores), expected)


@pytest.mark.parametrize("method", ["grad_cam", "layer_cam", "occlusion", "integrated_gradients"])
def test_true_maps_pass(method, subject, silent):
    check = DELETION_INSERTION(subject(method), silent)
    assert check.passed
    assert check.value > 0.5
    assert "the score follows the map." in check.sentence
    assert set(check.curve["series"]) == {f"{who}, {what}" for who in ("map", "centre", "random") for what in ("deleted", "inserted")}
    ends = check.curve[check.curve["x"] == 0].set_index("series")["y"]
    assert ends["map, deleted"] == pytest.approx(ends["centre, deleted"])  # nothing is deleted yet
    assert check.curve["y"].between(0, 1).all()


def test_fixed_gaussian_fails(subject, fake, silent):
    check = DELETION_INSERTION(subject(fake), silent)
    assert check.passed is False
    assert "no better than a map that knows nothing" in check.sentence


def test_score_that_never_moves_cannot_judge(subject, silent):
    black = np.full((64, 64), 80, np.uint8)
    black[0, 0] = 81
    check = DELETION_INSERTION(subject("saliency", image=black, class_id=0), silent)
    assert check.passed is None
    assert "cannot judge" in check.sentence
