"""InceptionV3's head: ten epochs on features computed once against ten epochs of the whole graph. Random weights: time only."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.sources import Sources

N_IMAGES = 320
EPOCHS = 10
SEEDS = 3


def run(sources: Sources, scratch: Path):
    whole, first, again = (fitted(way, sources.data) for way in ("whole", "features", "features"))
    what = f"InceptionV3 head, {EPOCHS} epochs of {N_IMAGES} images and their mirror images"
    yield compared(f"{what}, features computed on the way", whole["seconds"], first["seconds"])
    yield compared(f"{what}, features known from a run before", whole["seconds"], again["seconds"])
    seeds = first["seconds"] + (SEEDS - 1) * again["seconds"]
    yield compared(f"{what}, {SEEDS} seeds as reproduce trains them", SEEDS * whole["seconds"], seeds)
    yield Figure("last training loss, same seed", f"{first['loss']:.4f}", f"whole graph, {whole['loss']:.4f}")


def compared(what: str, whole: float, ours: float) -> Figure:
    return Figure(what, f"{ours:.0f} s", f"whole graph in each epoch, {whole:.0f} s", whole / ours)


def fitted(way: str, data: Path) -> dict[str, float]:
    """Ten epochs in a process of their own."""
    arguments = [sys.executable, "-m", "benchmarks.features", way, str(data)]
    return json.loads(subprocess.run(arguments, capture_output=True, check=True, text=True).stdout.splitlines()[-1])


def fit(way: str, data: str) -> tuple[float, float]:
    """Seconds of ten epochs, and the last training loss."""
    import keras

    from core.architectures import get_system
    from core.config import Recipe
    from core.datasets import open_dataset
    from core.datasets.pixel_store import pixel_store
    from core.inference.features import feature_store
    from core.machine import devices
    from core.training.compile import compile_model, with_xla
    from core.training.input import frozen_features as features
    from core.training.input.batches import TrainingBatches

    dataset = open_dataset(data)
    recipe = Recipe(epochs=EPOCHS, batch_size=64, learning_rate=1e-4, flip=True)
    pixels = pixel_store(dataset, 224)
    rows = np.sort(np.random.default_rng(0).permutation(len(pixels))[:N_IMAGES])
    y = np.arange(N_IMAGES) % 3
    keras.utils.set_random_seed(0)
    model = get_system("inception_v3").build(3)
    batches = TrainingBatches(pixels, rows, y, np.eye(3, dtype=np.float32)[y], recipe, 0, 224)
    began = time.perf_counter()
    if way == "features":
        trunk, model = features.split_model(model, recipe)
        store = feature_store(trunk, pixels, rows, dataset.fingerprint, True)
        batches = features.FeatureBatches(batches, store, np.arange(N_IMAGES), N_IMAGES)
    compile_model(model, recipe, "softmax", with_xla(model, devices.prepare(), EPOCHS * len(batches)))
    history = model.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0)
    return time.perf_counter() - began, history.history["loss"][-1]


if __name__ == "__main__":
    seconds, loss = fit(sys.argv[1], sys.argv[2])
    print(json.dumps({"seconds": seconds, "loss": loss}))
