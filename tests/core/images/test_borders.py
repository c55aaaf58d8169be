"""Rim and letters of pictures drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.images.borders import rim_facts


def test_a_black_frame_is_seen_and_measured():
    grey = np.full((64, 64), 120, np.uint8)  # the rim of 64 pixels is 4 wide: 64² − 56² = 960 pixels
    grey[:4] = 0
    facts = rim_facts(grey)
    assert facts["rim_black"] == pytest.approx(4 * 64 / 960)
    assert facts["rim_mean"] == pytest.approx(120 * (960 - 256) / 960)
    assert facts["letters"] == 0  # a frame is dark, a letter is bright


def test_letters_are_bright_strokes_in_the_corners():
    grey = np.full((64, 64), 40, np.uint8)
    grey[2:12, 5] = 255  # one stroke of 10 pixels in a corner of 16 × 16: two edges a row, of 4 · 16 · 15 neighbours
    assert rim_facts(grey)["letters"] == pytest.approx(1000 * 20 / (4 * 16 * 15))
    centre = np.full((64, 64), 40, np.uint8)
    centre[27:37, 32] = 255
    assert rim_facts(centre)["letters"] == 0


def test_soft_brightness_is_no_letter():
    ramp = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    assert rim_facts(ramp)["letters"] == 0


@pytest.mark.parametrize("shape", [(16, 16), (16, 400)])
def test_the_smallest_and_a_narrow_picture(shape):
    facts = rim_facts(np.full(shape, 7, np.uint8))
    assert facts["rim_mean"] == 7 and facts["rim_black"] == 1 and facts["letters"] == 0
