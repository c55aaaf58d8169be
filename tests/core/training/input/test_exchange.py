import numpy as np
import pytest

from core.config import Recipe
from core.training.input.augmentation import few_views
from core.training.input.exchange import exchange, exchange_corners, match_histogram, mix_amplitudes

RNG = np.random.default_rng(5)
IMAGE = np.clip(RNG.normal(90, 25, (64, 64)), 0, 255).astype(np.uint8)
OTHER = np.clip(RNG.normal(170, 40, (64, 64)), 0, 255).astype(np.uint8)


def test_grey_levels_are_those_of_the_other_and_ranks_stay():
    matched = match_histogram(IMAGE, OTHER)
    assert np.quantile(matched, [0.1, 0.5, 0.9]) == pytest.approx(np.quantile(OTHER, [0.1, 0.5, 0.9]), abs=4)
    order = np.argsort(IMAGE.ravel(), kind="stable")
    assert (np.diff(matched.ravel()[order].astype(int)) >= 0).all()
    assert np.array_equal(match_histogram(IMAGE, IMAGE), IMAGE)


def test_amplitudes_are_the_others_and_phases_the_images():
    mixed = mix_amplitudes(IMAGE, OTHER, 1.0)
    assert mixed.mean() == pytest.approx(OTHER.mean(), abs=1.5), "the lowest amplitude is the mean"
    assert np.array_equal(mix_amplitudes(IMAGE, OTHER, 0.0), IMAGE)
    before, after = (np.fft.fft2(part)[8:20, 8:20] for part in (IMAGE.astype(float), mixed.astype(float)))
    assert np.corrcoef(before.real.ravel(), after.real.ravel())[0, 1] > 0.99, "what is not coarse stays"


def test_half_way_lies_between():
    assert mix_amplitudes(IMAGE, OTHER, 0.5).mean() == pytest.approx((IMAGE.mean() + OTHER.mean()) / 2, abs=1.5)


def test_corners_are_the_others_and_the_middle_stays():
    swapped = exchange_corners(np.zeros((100, 100), np.uint8), np.full((100, 100), 200, np.uint8), 0.2)
    assert {int(swapped[y, x]) for y in (0, 9, 99) for x in (0, 9, 99)} == {200}
    assert not swapped[20:80].any() and not swapped[:, 20:80].any(), "only corners of a fifth of the side"
    assert 0 < swapped[15, 0] < 200, "the edge of a corner fades"


def test_a_seed_repeats_an_exchange_and_none_is_made_where_none_is_asked_for():
    recipe = Recipe(histogram_matching=0.5, amplitude_mixing=0.5, corner_exchange=0.5)
    first, second = (exchange(IMAGE, OTHER, recipe, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first, second)
    assert exchange(IMAGE, OTHER, Recipe(), np.random.default_rng(3)) is IMAGE
    assert not few_views(Recipe(corner_exchange=0.1)) and few_views(Recipe())
