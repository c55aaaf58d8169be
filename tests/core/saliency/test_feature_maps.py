"""Each CAM's arithmetic on feature maps and gradients small enough for pencil and paper."""

import numpy as np
import pytest

from core.saliency.methods import grad_cam, grad_cam_plus_plus, layer_cam
from core.saliency.methods.score_cam import as_masks, most_varying

# Two channels of 2 by 2: A lights the upper row, B the left column.
A = np.array([[[4, 2], [2, 0]], [[0, 2], [0, 0]]], np.float32)
# Gradients: A's differ from cell to cell (mean 1), B's are -1 everywhere.
G = np.array([[[3, -1], [1, -1]], [[1, -1], [-1, -1]]], np.float32)


def test_grad_cam():
    """Weights 1 and -1: 4 - 2, 2 - 0; 0 - 2 is cut to 0 (eq. 1 and 2)."""
    np.testing.assert_allclose(grad_cam.combine(A, G), [[2, 2], [0, 0]])


def test_layer_cam():
    """Each cell by its own positive gradient: 4 * 3, 2 * 1, 0 * 1, 0; channel B has none (eq. 6 to 8)."""
    np.testing.assert_allclose(layer_cam.combine(A, G), [[12, 2], [0, 0]])


def test_grad_cam_plus_plus():
    """Channel A sums to 6: alpha = g² / (2 g² + 6 g³) = 1 / (2 + 6 g), that is 1/20, 1/8, 1/8, -1/4 (eq. 19).

    They sum to 1/20; divided by it 1, 5/2, 5/2, -5, and 1 * 3 + 5/2 * 1 + 5/2 * 1 = 8 is the weight (eq. 10). Channel B has
    no positive gradient, so its weight is 0.
    """
    np.testing.assert_allclose(grad_cam_plus_plus.combine(A, G), [[32, 16], [0, 0]], rtol=1e-6)


def test_grad_cam_plus_plus_of_no_gradient_is_empty():
    np.testing.assert_array_equal(grad_cam_plus_plus.combine(A, np.zeros_like(G)), np.zeros((2, 2)))


def test_score_cam_masks_are_enlarged_corner_on_corner_and_scaled():
    """[0, 2] over three columns is 0, 1, 2, scaled 0, 1/2, 1; a channel that is the same everywhere shows nothing."""
    channels = np.array([[[0, 5], [2, 5]], [[0, 5], [2, 5]]], np.float32)
    masks = as_masks(channels, 2, 3)
    np.testing.assert_allclose(masks[0], [[0, 0.5, 1], [0, 0.5, 1]], atol=1e-6)
    np.testing.assert_allclose(masks[1], np.zeros((2, 3)), atol=1e-6)


def test_score_cam_masks_are_those_of_scipy():
    from scipy.ndimage import zoom

    channels = np.random.default_rng(0).random((5, 7, 3)).astype(np.float32)
    large = zoom(channels, (4, 3, 1), order=1, mode="nearest")
    low, high = large.min((0, 1)), large.max((0, 1))
    np.testing.assert_allclose(as_masks(channels, 20, 21), np.moveaxis((large - low) / (high - low), -1, 0), atol=1e-5)


def test_most_varying_channels_come_first():
    varying = np.stack([np.full((4, 4), 9.0), np.eye(4), 3 * np.eye(4)], axis=-1)
    np.testing.assert_array_equal(most_varying(varying, 2), varying[..., [2, 1]])
    assert most_varying(varying, 64).shape == (4, 4, 3)


@pytest.mark.parametrize("method", [grad_cam, grad_cam_plus_plus, layer_cam])
def test_maps_are_float32_of_the_layers_size(method):
    rng = np.random.default_rng(0)
    cam = method.combine(*(rng.standard_normal((3, 5, 8)).astype(np.float32) for _ in range(2)))
    assert cam.shape == (3, 5)
    assert cam.dtype == np.float32
    assert cam.min() >= 0
