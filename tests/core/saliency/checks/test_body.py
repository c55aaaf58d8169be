"""The body's outline from pixels alone."""

import numpy as np
import pytest

from core.datasets.phantom.write import radiograph
from core.saliency.checks import body_mask


def chest(size=128):
    """A grey trunk on black with two dark lungs, the lower ends of which touch the edge, and a letter beside it."""
    rows, columns = np.mgrid[:size, :size] / size
    grey = np.where(np.abs(columns - 0.5) < 0.33, 150, 4)
    for centre in (0.36, 0.64):
        grey[((columns - centre) / 0.1) ** 2 + ((rows - 0.75) / 0.3) ** 2 < 1] = 12
    grey[int(0.05 * size) : int(0.1 * size), int(0.05 * size) : int(0.08 * size)] = 250
    return grey.astype(np.uint8)


def test_lungs_are_inside_and_a_letter_outside():
    grey = chest()
    trunk = np.abs(np.mgrid[:128, :128][1] / 128 - 0.5) < 0.33
    mask = body_mask(grey)
    assert (mask & trunk).sum() / (mask | trunk).sum() > 0.95
    assert mask[90, 46]  # in a lung
    assert not mask[8, 8]  # on the letter


@pytest.mark.parametrize("picture", [np.full((50, 80), 120, np.uint8), np.zeros((40, 40), np.uint8)], ids=["grey", "black"])
def test_pictures_without_anything_to_tell_apart_are_all_body(picture):
    mask = body_mask(picture)
    assert mask.shape == picture.shape
    assert mask.all()


@pytest.mark.parametrize("seed", range(4))
def test_phantoms_keep_their_opacity_inside_and_their_corners_outside(seed):
    phantom = radiograph(np.random.default_rng(seed), "bacterial", 160)
    mask = body_mask(phantom.image)
    assert mask[phantom.mask].mean() > 0.98
    assert not mask[:4, :4].any()
    assert not mask[:4, -4:].any()
    assert 0.6 < mask.mean() < 0.97
