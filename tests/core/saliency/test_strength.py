"""A map far weaker than what matters is told from a firm one, whatever its unit and its number of cells."""

import numpy as np
import pytest

from core.saliency import Explanation, get_method, weakness


@pytest.mark.parametrize(
    ("method", "side", "peak", "strength"),
    [
        ("grad_cam", 5, 0.005, 0.5),  # 25 cells of 0.005 move the logit by an eighth at most
        ("grad_cam", 5, 0.05, 1.0),
        ("grad_cam", 26, 0.005, 1.0),  # many cells add up
        ("grad_cam", 5, 1e-12, 1e-10),
        ("occlusion", 12, 0.05, 0.5),  # one fall of the logit, however many places were covered
        ("occlusion", 12, 0.2, 1.0),
    ],
)
def test_strength_is_what_the_whole_map_can_move(method, side, peak, strength):
    raw = np.full((side, side), -1.0, np.float32)
    raw[0, 0] = peak
    assert get_method(method).strength(raw) == pytest.approx(strength, rel=1e-3)


def test_an_empty_map_has_no_strength_and_is_not_called_weak():
    assert get_method("grad_cam").strength(np.full((5, 5), -1.0, np.float32)) == 0
    assert not explanation(0.0, 0.0).is_weak and weakness(explanation(0.0, 0.0)) == ""


def explanation(raw_max, strength):
    return Explanation(np.zeros((8, 8), np.float32), "grad_cam", 1, "conv", raw_max, 1.0, strength=strength)


def test_weakness_is_said_with_the_maximum():
    assert weakness(explanation(0.005, 0.5)) == "a very weak map (maximum 0.005 logit per cell of the layer)"
    assert weakness(explanation(0.5, 1.0)) == ""
