"""Deletion and insertion, by hand and on a model whose true map is known."""

import numpy as np
import pytest
from sklearn.metrics import auc

from core.saliency.checks.deletion_insertion import DELETION_INSERTION, N_STEPS, alter, area_between, blurred, follow, importance_rank


def test_most_important_pixel_has_rank_0_and_ties_are_not_taken_from_the_top_left():
    heatmap = np.zeros((40, 40), np.float32)
    heatmap[30, 5], heatmap[3, 2] = 1.0, 0.5
    rank = importance_rank(heatmap)
    assert (rank[30, 5], rank[3, 2]) == (0.0, np.float32(1 / 1600))
    assert np.unique(rank).size == 1600
    position = np.arange(1600).reshape(40, 40)
    assert abs(np.corrcoef(rank.ravel(), position.ravel())[0, 1]) < 0.3


def test_marked_pixels_go_first_and_come_first(spot_image, spot_mask):
    image = np.repeat(spot_image[..., None], 3, axis=-1).astype(np.float32)
    deleted, inserted = alter(image, spot_mask.astype(np.float32))
    assert deleted.shape == inserted.shape == (N_STEPS - 1, *image.shape)
    # the spot is 1/16 of the picture: gone with the first sixth, and there with the first sixth
    np.testing.assert_allclose(deleted[0][spot_mask], image.mean(), rtol=1e-5)
    np.testing.assert_array_equal(inserted[0][spot_mask], image[spot_mask])
    for step, (out, into) in enumerate(zip(deleted, inserted, strict=True), start=1):
        assert (out == image).all(-1).mean() == pytest.approx(1 - step / N_STEPS, abs=0.02)
        assert (into == image).all(-1).mean() == pytest.approx(step / N_STEPS, abs=0.02)


def test_blur_keeps_brightness_and_no_detail(spot_image):
    image = np.repeat(spot_image[..., None], 3, axis=-1).astype(np.float32)
    assert blurred(image).mean() == pytest.approx(image.mean(), rel=0.02)
    assert np.abs(np.diff(blurred(image), axis=0)).mean() < 0.3 * np.abs(np.diff(image, axis=0)).mean()


def test_curves_start_and_end_where_all_maps_meet(subject, silent):
    tested = subject("grad_cam")
    scores = follow(tested, [tested.heatmap, 1 - tested.heatmap], silent)
    own, grey, blur = (
        tested.probe.probabilities(picture[None])[0, 1]
        for picture in (tested.image, np.full_like(tested.image, tested.image.mean()), blurred(tested.image))
    )
    np.testing.assert_allclose(scores[:, 0, [0, -1]], [[own, grey]] * 2, atol=1e-5)
    np.testing.assert_allclose(scores[:, 1, [0, -1]], [[blur, own]] * 2, atol=1e-5)


def test_area_is_the_trapezoid_rule_of_insertion_minus_deletion():
    scores = np.random.default_rng(0).random((3, 2, N_STEPS + 1))
    shares = np.linspace(0, 1, N_STEPS + 1)
    expected = [auc(shares, insertion) - auc(shares, deletion) for deletion, insertion in scores]
    np.testing.assert_allclose(area_between(scores), expected)


@pytest.mark.parametrize("method", ["grad_cam", "layer_cam", "occlusion", "integrated_gradients"])
def test_true_maps_pass(method, subject, silent):
    check = DELETION_INSERTION(subject(method), silent)
    assert check.passed
    assert check.value > 0.2
    assert "the model uses what the map shows." in check.sentence
    assert set(check.curve["series"]) == {f"{who}, {what}" for who in ("map", "centre", "random") for what in ("deleted", "inserted")}
    ends = check.curve[check.curve["x"] == 0].set_index("series")["y"]
    assert ends["map, deleted"] == pytest.approx(ends["centre, deleted"])  # nothing is deleted yet
    assert check.curve["y"].between(0, 1).all()


def test_fixed_gaussian_fails(subject, fake, silent):
    check = DELETION_INSERTION(subject(fake), silent)
    assert check.passed is False
    assert "an uninformed map would do as well" in check.sentence


def test_score_that_never_moves_cannot_judge(subject, silent):
    black = np.full((64, 64), 80, np.uint8)
    black[0, 0] = 81
    check = DELETION_INSERTION(subject("saliency", image=black, class_id=0), silent)
    assert check.passed is None
    assert "cannot judge" in check.sentence
