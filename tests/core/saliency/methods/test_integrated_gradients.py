"""Integrated gradients on functions whose path integral is known."""

import keras
import numpy as np
import pytest

from core.saliency import explain
from core.saliency.methods.integrated_gradients import N_STEPS, path


def test_nodes_integrate_polynomials_exactly():
    nodes, shares = path()
    assert len(nodes) == N_STEPS
    assert shares.sum() == pytest.approx(1.0, abs=1e-6)
    for power in (1, 2, 5, 9):
        assert (shares * nodes**power).sum() == pytest.approx(1 / (power + 1), abs=1e-6)


def test_square_is_shared_out_by_hand():
    """The logit of class 0 is mean(red²) / 2, so the gradient at t * x is t * x / 16 and its integral times x is x² / 32."""
    inputs = keras.Input((4, 4, 3))
    red = keras.layers.Conv2D(1, 1, use_bias=False, name="red")(inputs)
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Multiply()([red, red]))
    logits = keras.layers.Dense(2, name="logits")(pooled)
    model = keras.Model(inputs, keras.layers.Softmax(name="probabilities")(logits))
    model.get_layer("red").set_weights([np.array([1, 0, 0], np.float32).reshape(1, 1, 3, 1)])
    model.get_layer("logits").set_weights([np.array([[0.5, -0.5]], np.float32), np.array([7, 0], np.float32)])
    image = np.arange(0, 160, 10, dtype=np.uint8).reshape(4, 4)
    expected = image.astype(float) ** 2 / 32
    np.testing.assert_allclose(explain(model, image, "integrated_gradients", 0).raw, expected, rtol=1e-4)
    against = explain(model, image, "integrated_gradients", 1)
    np.testing.assert_allclose(against.raw, -expected, rtol=1e-4)
    assert against.is_empty  # nothing speaks for class 1, and the signed map still tells what speaks against it
    assert f"add up to {expected.sum():+.2f}" in explain(model, image, "integrated_gradients", 0).note


def test_map_adds_up_to_the_logits_rise_from_black(model_and_classes, image):
    model, n_classes = model_and_classes
    from core.saliency.compiled_model import probe_of

    pixels = np.repeat(image[..., None], 3, axis=-1).astype(np.float32)
    rise = np.subtract(*probe_of(model).logits(np.stack([pixels, np.zeros_like(pixels)])))
    for class_id in range(n_classes):
        total = explain(model, image, "integrated_gradients", class_id).raw.sum()
        assert total == pytest.approx(rise[class_id], abs=0.02 * float(np.abs(rise).max()))
