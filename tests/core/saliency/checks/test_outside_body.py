"""The share of a map beside the patient."""

from dataclasses import replace

import numpy as np
import pytest

from core.saliency.checks.outside_body import OUTSIDE_BODY


@pytest.fixture
def trunk():
    """A bright trunk that fills the middle half of a black picture."""
    picture = np.zeros((64, 64), np.uint8)
    picture[:, 16:48] = 180
    return picture


@pytest.mark.parametrize(
    ("columns", "share", "passed"),
    [(slice(24, 40), 0.0, True), (slice(0, 8), 1.0, False), (slice(0, 64), 0.5, False)],
    ids=["on the spine", "on the edge", "everywhere"],
)
def test_share_is_the_maps_own_weight(columns, share, passed, trunk, subject, silent):
    heatmap = np.zeros((64, 64), np.float32)
    heatmap[:, columns] = 1.0
    check = OUTSIDE_BODY(replace(subject("saliency", image=trunk), heatmap=heatmap), silent)
    assert check.value == pytest.approx(share, abs=0.06)
    assert check.passed is passed
    shares = check.curve.set_index("series")["y"]
    assert shares["map outside the body"] == pytest.approx(100 * check.value)
    assert shares["picture outside the body"] == pytest.approx(50, abs=6)


def test_tight_crop_cannot_judge(subject, silent):
    check = OUTSIDE_BODY(subject("grad_cam", image=np.full((64, 64), 200, np.uint8)), silent)
    assert check.passed is None
    assert "cropped" in check.sentence
