"""Occlusion: where the squares lie, and a fall of the logit that is known by hand."""

import keras
import numpy as np
import pytest

from core.saliency import explain
from core.saliency.methods.occlusion import CELLS, PATCH, corners, cover, spread


def test_squares_cover_every_cell():
    covered = np.zeros((CELLS, CELLS), int)
    for row, column in corners():
        covered[row : row + PATCH, column : column + PATCH] += 1
    assert covered.min() == 1  # a corner
    assert covered.max() == PATCH**2
    assert len(corners()) == (CELLS - PATCH + 1) ** 2


@pytest.mark.parametrize("side", [24, 32, 150, 224])
def test_square_has_the_mean_grey_and_leaves_the_image_alone(side):
    image = np.random.default_rng(0).random((side, side, 3), dtype=np.float32)
    before = image.copy()
    covered = cover(image, CELLS - PATCH, 0)
    changed = (covered != image).any(axis=-1)
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert (rows[-1], columns[0]) == (side - 1, 0)
    assert len(rows) == pytest.approx(PATCH * side / CELLS, abs=1)
    np.testing.assert_allclose(covered[changed], image.mean(), rtol=1e-5)
    np.testing.assert_array_equal(image, before)


def test_spread_is_the_mean_over_the_squares_of_a_cell():
    falls = np.arange(len(corners()), dtype=np.float32)
    cells = spread(corners(), falls)
    assert cells[0, 0] == 0
    assert cells[0, 1] == pytest.approx(0.5)  # squares 0 and 1
    below = CELLS - PATCH + 1
    assert cells[1, 1] == pytest.approx((0 + 1 + below + below + 1) / 4)


def test_fall_is_the_brightness_taken_away():
    """The logit is the sum of the picture: covering one white cell of an else black picture takes its excess over the mean."""
    side = 2 * CELLS
    inputs = keras.Input((side, side, 3))
    x = keras.layers.Conv2D(1, 1, use_bias=False, name="red")(inputs)
    logits = keras.layers.Dense(2, name="logits")(keras.layers.Flatten()(x))
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    model.get_layer("red").set_weights([np.array([1, 0, 0], np.float32).reshape(1, 1, 3, 1)])
    weights = np.stack([np.ones(side * side), -np.ones(side * side)], axis=1)
    model.get_layer("logits").set_weights([weights, np.zeros(2)])
    image = np.zeros((side, side), np.uint8)
    image[8:10, 12:14] = 144  # cell (4, 6): its 4 pixels sum to 576, the mean of the picture is 1
    explanation = explain(model, image, "occlusion", 0)
    assert explanation.raw.shape == (CELLS, CELLS)
    assert explanation.raw[4, 6] == pytest.approx(576 - 16, rel=1e-3)  # every square on it hides 576 and shows 16 times 1
    assert explanation.raw[0, 0] == pytest.approx(-16, rel=1e-3)
    assert explanation.heatmap.max() == 1.0
    assert f"{(CELLS - PATCH + 1) ** 2} positions of a square 4 pixels" in explanation.note
    np.testing.assert_allclose(explain(model, image, "occlusion", 1).raw, -explanation.raw, rtol=1e-3)
