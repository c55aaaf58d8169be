"""Every variant of the battery removes its clue and nothing else that is asked of it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.images.corruptions import SOURCE, VARIANTS, without_clue


@pytest.fixture(scope="module")
def image():
    """A smooth picture with fine noise, a bright letter in the corner, in [40, 215]."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:SOURCE, :SOURCE] / SOURCE
    values = 110 + 60 * np.sin(3 * x) * np.cos(4 * y) + rng.normal(0, 5, x.shape)
    values[:12, :12] = 215
    return np.clip(values, 40, 215).astype(np.uint8)


@pytest.mark.parametrize("variant", VARIANTS)
def test_same_shape_other_pixels_and_the_same_each_time(variant, image):
    changed = without_clue(image, variant, 7)
    assert changed.shape == image.shape and changed.dtype == np.uint8
    assert not np.array_equal(changed, image)
    np.testing.assert_array_equal(changed, without_clue(image, variant, 7))


def fine_detail(image):
    """Standard deviation of the differences of neighbours."""
    return np.diff(image.astype(float), axis=1).std()


@pytest.mark.parametrize("variant", ["blur", "downscale"])
def test_fine_detail_goes(variant, image):
    inner = np.s_[20:, 20:]
    assert fine_detail(without_clue(image, variant, 0)[inner]) < 0.5 * fine_detail(image[inner])


def test_reencoding_hides_the_first_encoding(image):
    """Two encodings of one picture differ less after one encoding for all."""

    def encoded(quality):
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, "JPEG", quality=quality)
        return np.asarray(Image.open(buffer))

    def distance(a, b):
        return np.abs(a.astype(float) - b).mean()

    high, low = encoded(95), encoded(60)
    assert distance(without_clue(high, "reencode", 0), without_clue(low, "reencode", 0)) < 0.85 * distance(high, low)


def test_noise_has_its_standard_deviation_and_depends_on_the_row(image):
    difference = without_clue(image, "noise", 3).astype(float) - image
    assert difference.std() == pytest.approx(12, rel=0.05)
    assert not np.array_equal(without_clue(image, "noise", 3), without_clue(image, "noise", 4))


def test_crop_drops_the_corner(image):
    assert without_clue(image, "crop", 0)[:5, :5].max() < 215


def test_contrast_is_reduced_about_the_mean(image):
    changed = without_clue(image, "contrast", 0)
    assert changed.mean() == pytest.approx(image.mean(), abs=0.5)
    assert changed.std() == pytest.approx(0.6 * image.std(), rel=0.02)


def test_equalisation_undoes_exposure(image):
    darker = (image * 0.6).astype(np.uint8)
    gap = np.abs(without_clue(image, "equalise", 0).astype(float) - without_clue(darker, "equalise", 0)).mean()
    assert gap < 0.1 * np.abs(image.astype(float) - darker).mean()
