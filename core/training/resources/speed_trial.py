"""Measure how fast a system trains here: some steps on made-up pictures, ``python -m core.training.resources.speed_trial CONFIG.json``.

A process of its own, so that a page can start it, loads no Keras, and may end it at any time.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from core.architectures import get_system
from core.architectures.footprint import footprint
from core.config import RunConfig
from core.errors import InputError
from core.images.corruptions import SOURCE
from core.inference.batches import PlainBatches
from core.inference.predict import predict
from core.machine import devices
from core.training.compile import targets
from core.training.fit import compiled, trained_part
from core.training.input.batches import TrainingBatches
from core.training.input.frozen_features import split_model
from core.training.resources.batch_size import check_batch
from core.training.resources.precision import choose_precision
from core.training.resources.speed import record

SECONDS, MOST_STEPS = 8.0, 20
LOOKED_AT = 128  # images scored


class _Enough(Exception):
    """Enough steps were timed."""


class _Clock(keras.callbacks.Callback):
    """Times the steps after the first, which waits for the graph."""

    first = 0.0  # seconds on the clock at the end of the first step

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Note the time, and end the trial when it has been long enough."""
        now = time.monotonic()
        self.first = now if batch == 0 else self.first
        self.n_steps, self.seconds = batch, now - self.first
        if batch and (self.seconds > SECONDS or batch >= MOST_STEPS):
            raise _Enough


def trial(config: RunConfig) -> tuple[float, float, int]:
    """Seconds to train on one image, seconds to score one, and how many steps were timed.

    Raises
    ------
    InputError
        If a step does not fit into memory.
    """
    device, n_batch = devices.prepare(), config.recipe.batch_size
    policy = choose_precision(config, device)[0]
    check_batch(config, n_batch, device, policy)
    keras.config.set_dtype_policy(policy)
    whole = get_system(config.system).build(config.n_classes)
    cut = split_model(whole, config.recipe)
    batches = _Features(config, cut[1].input.shape[1:]) if cut else _pictures(config)
    model = compiled(trained_part(whole, cut, config.recipe), config, device, len(batches))
    clock = _Clock()
    with suppress(_Enough):
        model.fit(batches, epochs=1, callbacks=[clock], verbose=0, shuffle=False)
    return clock.seconds / clock.n_steps / n_batch, _look(whole, config), clock.n_steps


def _pictures(config: RunConfig) -> TrainingBatches:
    """Noise, with the augmentation of the recipe."""
    n_images = (MOST_STEPS + 2) * config.recipe.batch_size
    rows = np.arange(n_images) % 64
    side = SOURCE if config.recipe.crop_area < 1 and config.image_size < SOURCE else config.image_size
    pixels = np.random.default_rng(0).integers(0, 256, (64, side, side), dtype=np.uint8)
    y = np.arange(n_images) % config.n_classes
    return TrainingBatches(pixels, rows, y, _targets(config, y), config.recipe, 0, config.image_size)


class _Features(PlainBatches):
    """Noise in the shape of a frozen backbone's features."""

    def __init__(self, config: RunConfig, shape: tuple[int, ...]) -> None:
        n_images = (MOST_STEPS + 2) * config.recipe.batch_size
        y = np.arange(n_images) % config.n_classes
        self._wanted = _targets(config, y)
        super().__init__(np.empty(0), np.arange(n_images), self._wanted, config.recipe.batch_size)
        self.features = np.random.default_rng(0).random((config.recipe.batch_size, *shape), dtype=np.float32)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        wanted = self._wanted[index * self.batch_size : (index + 1) * self.batch_size]
        return self.features[: len(wanted)], wanted


def _targets(config: RunConfig, y: np.ndarray) -> np.ndarray:
    return targets(y, config.n_classes, get_system(config.system).activation)


def _look(model: keras.Model, config: RunConfig) -> float:
    """Seconds to score one image, after a first batch that waits for the graph."""
    n_step = footprint(config.system, config.n_classes).images_at_once()
    pixels = np.zeros((max(LOOKED_AT, n_step), config.image_size, config.image_size), np.uint8)
    predict(model, pixels, np.arange(n_step).repeat(2))
    began = time.monotonic()
    predict(model, pixels)
    return (time.monotonic() - began) / len(pixels)


def main(path: str) -> int:
    """Measure a configuration and keep the result; 2, with a sentence on standard error, if it cannot be trained here."""
    config = RunConfig.from_json(Path(path).read_text(encoding="utf-8"))
    try:
        step, look, n_steps = trial(config)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    record(config, step, look, f"trial of {n_steps} steps")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
