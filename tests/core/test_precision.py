"""The trial that chooses a run's arithmetic."""

from __future__ import annotations

import keras
import pytest

from core import precision
from core.devices import Device
from core.fitting import compiled
from core.planning import plan

CONFIG = plan("five_block_cnn", settings={"batch_size": "2"})
DEVICE = Device("cpu", "a CPU")


def untrained():
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(2, 3)(inputs)
    outputs = keras.layers.Dense(1, activation="sigmoid", dtype="float32")(keras.layers.Flatten()(x))
    return compiled(keras.Model(inputs, outputs), CONFIG, DEVICE, 1)


def test_no_trial_where_the_hardware_offers_no_choice(monkeypatch):
    monkeypatch.setattr(precision, "native_policies", lambda device: ("float32",))
    assert precision.choose_precision(CONFIG, DEVICE, untrained) == ("float32", {})


def test_a_precision_asked_for_is_not_tried():
    asked = CONFIG.model_copy(update={"recipe": CONFIG.recipe.model_copy(update={"precision": "mixed_bfloat16"})})
    assert precision.choose_precision(asked, DEVICE, untrained) == ("mixed_bfloat16", {})


def test_the_very_model_is_measured_in_each_policy(monkeypatch):
    monkeypatch.setattr(precision, "native_policies", lambda device: ("float32", "mixed_bfloat16"))
    seen = []

    def build():
        seen.append(keras.config.dtype_policy().name)
        return untrained()

    before = keras.config.dtype_policy()
    policy, seconds = precision.choose_precision(CONFIG, DEVICE, build)
    assert seen == ["float32", "mixed_bfloat16"] and set(seconds) == set(seen) and min(seconds.values()) > 0
    assert policy in seen and keras.config.dtype_policy() == before


@pytest.mark.parametrize(("half", "expected"), [(0.5, "mixed_bfloat16"), (0.99, "float32"), (1.5, "float32")])
def test_half_precision_must_gain_something(half, expected, monkeypatch):
    monkeypatch.setattr(precision, "native_policies", lambda device: ("float32", "mixed_bfloat16"))
    monkeypatch.setattr(precision, "_step_seconds", lambda config, policy, compiled: half if policy == "mixed_bfloat16" else 1.0)
    assert precision.choose_precision(CONFIG, DEVICE, untrained)[0] == expected
