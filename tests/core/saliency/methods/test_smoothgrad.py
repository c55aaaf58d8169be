"""SmoothGrad: its noise, and the mean it takes."""

import keras
import numpy as np
import pytest

from core.saliency import explain
from core.saliency.methods.smoothgrad import N_SAMPLES, NOISE_LEVEL, noisy_copies


def test_noise_has_the_stated_level_and_the_same_seed_each_time():
    image = np.full((64, 64, 3), 100, np.float32)
    image[0, 0] = 0
    image[0, 1] = 200
    noise = noisy_copies(image) - image
    assert noise.shape == (N_SAMPLES, 64, 64, 3)
    assert noise.std() == pytest.approx(NOISE_LEVEL * 200, rel=0.01)
    assert noise.mean() == pytest.approx(0, abs=0.2)
    np.testing.assert_array_equal(noisy_copies(image), noisy_copies(image))


def test_constant_image_gets_no_noise():
    image = np.full((8, 8, 3), 77, np.float32)
    assert np.all(noisy_copies(image) == image)


def test_map_is_the_absolute_mean_of_signed_gradients():
    """The logit is mean(x² / 2) over red, so its gradient at a copy is that copy's red / 16: the mean is known exactly."""
    inputs = keras.Input((4, 4, 3))
    red = keras.layers.Conv2D(1, 1, use_bias=False, name="red")(inputs)
    squared = keras.layers.Multiply(name="squared")([red, red])
    pooled = keras.layers.GlobalAveragePooling2D()(squared)
    logits = keras.layers.Dense(2, name="logits")(pooled)
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    model.get_layer("red").set_weights([np.array([1, 0, 0], np.float32).reshape(1, 1, 3, 1)])
    model.get_layer("logits").set_weights([np.array([[0.5, -0.5]], np.float32), np.zeros(2, np.float32)])
    image = np.arange(0, 160, 10, dtype=np.uint8).reshape(4, 4)
    copies = noisy_copies(np.repeat(image[..., None], 3, axis=-1).astype(np.float32))
    expected = np.abs(copies[..., 0].mean(axis=0) / 16)
    explanation = explain(model, image, "smoothgrad", 0)
    np.testing.assert_allclose(explanation.heatmap * explanation.raw_max, expected, rtol=1e-4)
