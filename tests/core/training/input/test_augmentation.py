"""Each setting does its own work, by the seed alone, and no setting changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from core.config import Recipe
from core.images.corruptions import without_clue
from core.training.input.augmentation import CLUES, augment


@pytest.fixture
def image() -> np.ndarray:
    """Noise of 32 × 32, with a bright top-left corner."""
    noise = np.random.default_rng(1).integers(60, 120, (32, 32), dtype=np.uint8)
    noise[:8, :8] = 250
    return noise


class Fixed:
    """A generator whose draws are given."""

    def __init__(self, *values: float):
        self.values = list(values)

    def random(self) -> float:
        return self.values.pop(0)

    def uniform(self, low: float, high: float, size: int | None = None):
        drawn = [low + (high - low) * self.values.pop(0) for _ in range(size or 1)]
        return np.array(drawn) if size else drawn[0]


def test_nothing_asked_nothing_changed(image):
    assert augment(image, Recipe(), np.random.default_rng(0)) is image


def test_flip_mirrors_left_to_right(image):
    assert np.array_equal(augment(image, Recipe(flip=True), Fixed(0.4)), image[:, ::-1])
    assert np.array_equal(augment(image, Recipe(flip=True), Fixed(0.6)), image)


def test_about_half_are_flipped(image):
    rng = np.random.default_rng(0)
    flipped = sum(not np.array_equal(augment(image, Recipe(flip=True), rng), image) for _ in range(400))
    assert 160 < flipped < 240


def test_a_warp_of_zero_is_the_identity(image):
    assert np.array_equal(augment(image, Recipe(rotation=30, zoom=0.2, shift=0.1), Fixed(0.5, 0.5, 0.5, 0.5)), image)


def test_exposure_of_zero_is_the_identity(image):
    """Rounded, not cut: 99.9999 must not become 99."""
    for seed in range(20):
        noise = np.random.default_rng(seed).integers(0, 256, (9, 9), dtype=np.uint8)
        assert np.array_equal(augment(noise, Recipe(brightness=0.2, contrast=0.2), Fixed(0.5, 0.5)), noise)


@pytest.mark.parametrize(("draw", "turns"), [(1.0, -1), (0.0, 1)])
def test_a_rotation_by_a_right_angle_turns_about_the_centre(image, draw, turns):
    turned = augment(image, Recipe(rotation=90), Fixed(draw, 0.5, 0.5, 0.5))
    assert np.abs(turned.astype(int) - np.rot90(image, turns)).max() <= 1


def test_a_shift_moves_the_picture_and_leaves_black(image):
    moved = augment(image, Recipe(shift=0.25), Fixed(0.5, 0.5, 1.0, 0.5))  # a quarter of 32 to the right
    assert np.array_equal(moved[:, 8:], image[:, :-8]) and moved[:, :8].max() == 0


def test_a_zoom_magnifies_about_the_centre(image):
    disc = np.zeros((64, 64), np.uint8)
    disc[24:40, 24:40] = 255
    larger = augment(disc, Recipe(zoom=0.5), Fixed(0.5, 1.0, 0.5, 0.5)) > 127
    assert larger.sum() == 24 * 24 and larger[20:44, 20:44].all()


def test_brightness_and_contrast_by_hand():
    picture = np.array([[50, 150]], np.uint8).repeat(2, axis=0)  # mean 100
    brighter = augment(picture, Recipe(brightness=0.2), Fixed(0.5, 1.0))
    assert brighter[0].tolist() == [101, 201]
    steeper = augment(picture, Recipe(contrast=0.5), Fixed(1.0, 0.5))
    assert steeper[0].tolist() == [25, 175]
    clipped = augment(picture, Recipe(brightness=1.0), Fixed(0.5, 1.0))
    assert clipped[0].tolist() == [255, 255]


def test_a_seed_reproduces_the_view_and_another_gives_another(image):
    recipe = Recipe(flip=True, rotation=20, zoom=0.2, shift=0.1, brightness=0.1, contrast=0.1)
    views = [augment(image, recipe, np.random.default_rng(seed)) for seed in (4, 4, 5)]
    assert np.array_equal(views[0], views[1]) and not np.array_equal(views[0], views[2])
    assert views[0].shape == image.shape and views[0].dtype == np.uint8


def test_a_clue_is_removed_by_a_random_share(image):
    """Each view lies between the picture and the picture without one clue, and the draws do not repeat."""
    recipe, views = Recipe(clue_removal=1.0), set()
    for seed in range(40):
        view, rng = augment(image, recipe, np.random.default_rng(seed)), np.random.default_rng(seed)
        rng.random()
        clue, row, share = CLUES[rng.integers(len(CLUES))], int(rng.integers(2**31)), rng.random()
        bare = without_clue(image, clue, row).astype(float)
        assert view.dtype == np.uint8 and np.abs(view - ((1 - share) * image + share * bare)).max() <= 0.501
        views.add(view.tobytes())
    assert len(views) == 40 and set(CLUES) == {"reencode", "blur", "downscale", "noise", "contrast", "equalise"}


def test_half_of_the_images_keep_their_clues(image):
    kept = sum(augment(image, Recipe(clue_removal=0.5), np.random.default_rng(seed)) is image for seed in range(200))
    assert 70 < kept < 130
