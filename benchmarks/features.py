"""InceptionV3's head: ten epochs on features computed once against ten epochs of the whole graph. Random weights: time only."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.sources import Sources

N_IMAGES = 192
EPOCHS = 10


def run(sources: Sources, scratch: Path):
    found = {}
    for way in ("whole", "features", "cached"):
        arguments = [sys.executable, "-m", "benchmarks.features", "features" if way == "cached" else way, str(sources.data)]
        found[way] = json.loads(subprocess.run(arguments, capture_output=True, check=True, text=True).stdout.splitlines()[-1])
    whole = found["whole"]["seconds"]
    features, cached = found["features"]["seconds"], found["cached"]["seconds"]
    yield (
        f"InceptionV3 head, {EPOCHS} epochs of {N_IMAGES} images: whole graph {whole:.0f} s; on features {features:.0f} s with their "
        f"computation: {whole / features:.1f} times; next run of the same backbone and images {cached:.0f} s: {whole / cached:.1f} times"
    )
    losses = {way: f"{found[way]['loss']:.4f}" for way in found}
    yield f"last training loss, same seed: {losses}"


def fit(way: str, data: str) -> tuple[float, float]:
    """Seconds of ten epochs, and the last training loss."""
    import keras

    from core import features
    from core.architectures import get_system
    from core.batches import TrainingBatches
    from core.config import Recipe
    from core.datasets import open_dataset
    from core.datasets.pixels import pixel_store
    from core.recipes import compile_model

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
        store = features.feature_store(trunk, pixels, rows, dataset.fingerprint, True)
        batches = features.FeatureBatches(batches, store, np.arange(N_IMAGES), N_IMAGES)
    compile_model(model, recipe, "softmax", jit=False)
    history = model.fit(batches, epochs=EPOCHS, shuffle=False, verbose=0)
    return time.perf_counter() - began, history.history["loss"][-1]


if __name__ == "__main__":
    seconds, loss = fit(sys.argv[1], sys.argv[2])
    print(json.dumps({"seconds": seconds, "loss": loss}))
