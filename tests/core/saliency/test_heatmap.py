"""Scaling and resizing of raw maps."""

import numpy as np

from core.saliency.heatmap import normalise, resize_map


def test_normalise_divides_by_the_maximum_and_cuts_negatives():
    values = np.array([[-1.0, 0.0], [2.0, 4.0]])
    np.testing.assert_array_equal(normalise(values), np.array([[0, 0], [0.5, 1]], np.float32))


def test_normalise_leaves_an_empty_map_empty():
    values = normalise(np.zeros((3, 3)))
    assert values.dtype == np.float32
    assert not values.any()


def test_normalise_keeps_the_shape_of_tiny_maps():
    """An epsilon in the denominator, as is common, would flatten maps of saturated models."""
    values = normalise(np.array([[1e-12, 4e-12]]))
    np.testing.assert_allclose(values, [[0.25, 1.0]], rtol=1e-6)


def test_resize_puts_cell_centres_on_cell_centres():
    """Doubling [0, 4] by hand: centres at 0.5 and 1.5 cells; pixels at 0.25, 0.75, 1.25, 1.75 cells give 0, 1, 3, 4."""
    np.testing.assert_allclose(resize_map(np.array([[0.0, 4.0]]), 1, 4), [[0, 1, 3, 4]], atol=1e-6)


def test_resize_keeps_a_symmetric_map_symmetric_and_its_peak_in_its_cell():
    cam = np.zeros((7, 7))
    cam[1, 5] = 1
    large = resize_map(cam, 224, 224)
    assert large.shape == (224, 224)
    row, column = np.unravel_index(large.argmax(), large.shape)
    assert (row // 32, column // 32) == (1, 5)
    np.testing.assert_allclose(large[:, ::-1], resize_map(cam[:, ::-1], 224, 224), atol=1e-6)
