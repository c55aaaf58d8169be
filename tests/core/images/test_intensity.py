"""The range of a picture: its darkest and brightest values, whatever a few faulty pixels say."""

from __future__ import annotations

import numpy as np
import pytest

from core.images.intensity import limits_of, stretch, to_picture
from tests.core.images.encoders import draw_film

TYPES = [np.uint16, np.int16, np.float32, np.float64]


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """Twelve bits, 300 to 3,870, of 200 × 200 pixels."""
    return draw_film(3, 200, 200).astype(np.int64) * 14 + 300


@pytest.mark.parametrize("dtype", TYPES)
def test_a_few_hot_and_dead_pixels_do_not_decide_the_range(values, dtype):
    """Far beyond all others, or just beyond them amid darker ones; single or in pairs."""
    faulty, low = values.astype(dtype), 0 if dtype == np.uint16 else -30_000
    bright, dark = np.argwhere(values > 2600)[40], np.argwhere(values < 2200)[400]
    places = [(3, 3), (90, 7), (90, 8), tuple(dark), (8, 8), tuple(bright)]
    for place, value in zip(places, [32_000, 9_000, 9_000, 4_100, low, low], strict=True):
        faulty[place] = value
    assert limits_of(faulty) == (300, 300 + 255 * 14)
    others = np.ones(values.shape, bool)
    others[tuple(np.transpose(places))] = False
    assert np.array_equal(stretch(faulty)[others], stretch(values.astype(dtype))[others])
    assert stretch(faulty)[3, 3] == 255 and stretch(faulty)[8, 8] == 0


@pytest.mark.parametrize("dtype", TYPES)
def test_a_marker_is_no_fault(values, dtype):
    marked = values.astype(dtype)
    marked[10:16, 10:14] = 16_000  # 24 pixels of 40,000
    assert limits_of(marked) == (300, 16_000)
    small = values.astype(dtype)
    small[10:12, 10:12] = 4_500  # as few as faults, but together
    assert limits_of(small) == (300, 4_500)


@pytest.mark.parametrize("seed", range(20))
def test_an_ordinary_film_keeps_its_ends(seed):
    film = draw_film(seed, 120, 120) * 12.0 + np.random.default_rng(seed).normal(600, 40, (120, 120))
    for dtype in TYPES:
        assert limits_of(film.astype(dtype)) == (film.astype(dtype).min(), film.astype(dtype).max())


def test_too_small_or_too_flat_to_judge():
    assert limits_of(np.array([1, 2, 3, 900], np.uint16)) == (1, 900)
    flat = np.full((40, 40), 7.0)
    flat[0, 0] = 50
    assert limits_of(flat) == (7, 50)


def test_what_is_not_finite_has_no_part_in_the_range(values):
    holed = values.astype(np.float32)
    holed[:50], holed[50], holed[51] = np.nan, np.inf, -np.inf
    assert limits_of(holed) == (values[52:].min(), values[52:].max())
    assert limits_of(np.full((20, 20), np.nan)) == (0, 0)
    assert stretch(holed)[:50].max() == 0 and stretch(holed)[50].min() == 255 and stretch(holed)[51].max() == 0


@pytest.mark.parametrize("factor", [257, 256])
def test_eight_bits_in_sixteen_become_what_they_were(factor):
    film = draw_film(1)[:, :18]  # neither black nor white in it
    assert np.array_equal(np.asarray(to_picture(film[..., np.newaxis].astype(np.uint16) * factor)), film)


def test_hidden_pixels_take_no_part_in_the_range(values):
    alpha = np.full(values.shape, 255, np.uint8)
    alpha[:, :40] = 0
    hidden = np.where(alpha, values, 60_000).astype(np.uint16)[..., np.newaxis]
    seen = np.asarray(to_picture(hidden, alpha).getchannel("L"))[:, 40:]
    assert np.array_equal(seen, stretch(values[:, 40:].astype(np.uint16)))
