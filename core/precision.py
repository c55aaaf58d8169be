"""Which arithmetic a run uses: chosen by a short measured trial of the very model, where the hardware offers a choice."""

from __future__ import annotations

import time
from collections.abc import Callable

import keras
import numpy as np

from core.config import RunConfig
from core.devices import Device, native_policies

STEPS = 3
GAIN = 1.05  # a smaller gain is within the noise of so few steps, and float32 needs no explaining


def choose_precision(config: RunConfig, device: Device, compiled: Callable[[], keras.Model]) -> tuple[str, dict[str, float]]:
    """The dtype policy of a run, and what the trial measured.

    ``auto`` tries float32 against the half precision that the hardware multiplies natively, a few training steps of the model
    itself on random images; float32 stays unless the other is at least 5 % faster. Without such hardware there is no trial.

    Parameters
    ----------
    config : RunConfig
    device : Device
    compiled : callable
        Returns the untrained, compiled model under the policy in force.

    Returns
    -------
    policy : str
    seconds : dict of str to float
        Median time of a step by policy; empty without a trial.
    """
    policies = native_policies(device) if config.recipe.precision == "auto" else (config.recipe.precision,)
    if len(policies) == 1:
        return policies[0], {}
    seconds = {policy: _step_seconds(config, policy, compiled) for policy in policies}
    fastest = min(seconds, key=seconds.get)
    return (fastest if seconds["float32"] / seconds[fastest] >= GAIN else "float32"), seconds


def _step_seconds(config: RunConfig, policy: str, compiled: Callable[[], keras.Model]) -> float:
    """Median seconds of a training step, after the one that builds the graph."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        model = compiled()
    finally:
        keras.config.set_dtype_policy(before)
    images = np.random.default_rng(0).integers(0, 256, (config.recipe.batch_size, *model.input_shape[1:]), np.uint8)
    targets = np.eye(config.n_classes, dtype=np.float32)[np.zeros(len(images), int)][:, -model.output_shape[-1] :]
    times = []
    for _ in range(STEPS + 1):
        began = time.perf_counter()
        model.train_on_batch(images, targets)
        times.append(time.perf_counter() - began)
    return float(np.median(times[1:]))
