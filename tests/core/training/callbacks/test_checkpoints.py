"""The model that is kept: float32 on every machine, whatever it was trained in."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.architectures import get_system
from core.training.callbacks.checkpoints import in_float32


@pytest.fixture
def policy():
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("key", ["lens_scratch", pytest.param("lens_mobilenet", marks=pytest.mark.long)])
def test_a_model_trained_in_half_precision_is_kept_in_float32(policy, key):
    policy("mixed_bfloat16")
    trained = get_system(key).build(2)
    policy("float32")
    whole, kept = get_system(key).build(2), in_float32(trained)
    whole.set_weights(trained.get_weights())
    images = np.random.default_rng(0).integers(0, 256, (2, *trained.input_shape[1:])).astype(np.float32)
    assert {layer.compute_dtype for layer in kept.layers} == {"float32"}
    assert [weight.path for weight in kept.trainable_weights] == [weight.path for weight in trained.trainable_weights]
    np.testing.assert_allclose(kept(images), whole(images), atol=1e-6)


def test_a_float32_model_is_kept_as_it_is():
    model = get_system("lens_scratch").build(2)
    assert in_float32(model) is model
