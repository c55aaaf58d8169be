"""Stability under a mirror and noise."""

import numpy as np
import pytest

from core.saliency import Method
from core.saliency.checks.stability import NOISE_LEVELS, STABILITY, changes
from core.saliency.method import RawMap


def test_changes_are_a_mirror_and_grey_noise_of_the_stated_level():
    image = np.full((64, 64, 3), 100, np.float32)
    image[0, 0], image[0, 1] = 0, 200
    changed = changes(image)
    assert list(changed) == ["mirrored", "noise 1 %", "noise 2 %", "noise 4 %"]
    mirrored, back = changed["mirrored"]
    assert back
    np.testing.assert_array_equal(mirrored[:, ::-1], image)
    for level, name in zip(NOISE_LEVELS, list(changed)[1:], strict=True):
        noise = changed[name][0] - image
        assert noise.std() == pytest.approx(level * 200, rel=0.05)
        np.testing.assert_array_equal(noise[..., 0], noise[..., 1])


@pytest.mark.parametrize("method", ["grad_cam", "occlusion"])
def test_maps_of_the_spot_are_stable(method, subject, silent):
    check = STABILITY(subject(method), silent)
    assert check.passed
    assert check.value > 0.8
    assert check.curve["series"].tolist() == list(changes(subject(method).image))
    assert check.value == pytest.approx(check.curve["y"].mean())


def test_map_that_depends_on_the_side_fails(subject, silent):
    """It paints whatever is on the left: mirrored, that is another part of the patient."""

    def left(probe, image, class_id, layer, progress=None):
        return RawMap(np.tile(np.linspace(1, 0, image.shape[1], dtype=np.float32), (image.shape[0], 1)))

    check = STABILITY(subject(Method("left", "Left", "nobody", "cam", "nothing", left)), silent)
    assert check.curve.set_index("series").loc["mirrored", "y"] == pytest.approx(-1.0)
    assert check.passed is False
    assert "mirrored" in check.sentence
