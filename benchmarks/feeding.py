"""What feeding costs: how long a step waits for its images, and how memory grows when the data do, ten times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.sources import Sources

STEPS = 30
TIMES = 10


def run(sources: Sources, scratch: Path):
    for system in ("cnn1", "lens_scratch", "lens_mobilenet"):
        arguments = [sys.executable, "-m", "benchmarks.feeding", system, str(sources.data)]
        waited = json.loads(subprocess.run(arguments, capture_output=True, check=True, text=True).stdout.splitlines()[-1])
        yield Figure(f"{system}: share of a step that waits for its images", f"{waited['share']:.1%} of {waited['step'] * 1e3:.0f} ms")
    few, all_of_them = _peak(_tenth(sources.data, scratch / "tenth"), scratch), _peak(sources.data, scratch)
    yield Figure(f"peak memory of training on {TIMES} times the images", f"{all_of_them} MB", f"on a tenth, {few} MB", few / all_of_them)


def _tenth(data: Path, folder: Path) -> Path:
    """Links to every tenth image of each class and split."""
    for place in data.glob("t*/*"):
        for path in sorted(place.iterdir())[::TIMES]:
            link = folder / path.relative_to(data)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path.resolve())
    return folder


def _peak(data: Path, scratch: Path) -> int:
    """Peak memory in MB of one epoch of the system with the smallest network."""
    command = [sys.executable, "-m", "core", "train", "lens_scratch", "--data", str(data), "--models", str(scratch / "models"), "--json"]
    quick = ["--epochs", "1", "--batch-size", "64", "--set", "selection=last"]
    answer = subprocess.run([*command, *quick], capture_output=True, check=True, text=True).stdout
    return json.loads((scratch / "models" / json.loads(answer)["run"] / "card.json").read_text())["peak_memory_mb"]


def wait(system: str, data: str) -> dict[str, float]:
    """Median seconds of a step, and the share of it spent waiting for a batch, as Keras feeds them."""
    import keras
    from keras.src.trainers.data_adapters.py_dataset_adapter import PyDatasetAdapter

    from core.architectures import get_system
    from core.datasets import open_dataset
    from core.datasets.pixel_store import pixel_store
    from core.images.corruptions import SOURCE
    from core.training.compile import compile_model
    from core.training.input.batches import TrainingBatches

    dataset, entry = open_dataset(data), get_system(system)
    recipe = entry.variants[0].recipe
    model = entry.build(2)
    compile_model(model, recipe, "softmax", jit=False)
    pixels = pixel_store(dataset, SOURCE if recipe.crop_area < 1 else entry.image_size)
    rows = np.resize(np.random.default_rng(0).permutation(len(pixels)), (STEPS + 2) * recipe.batch_size)
    y = np.arange(len(rows)) % 2
    batches = TrainingBatches(pixels, rows, y, np.eye(2, dtype=np.float32)[y], recipe, 0, entry.image_size)
    feed, waits, steps = iter(PyDatasetAdapter(batches).get_tf_dataset()), [], []
    for _ in range(STEPS):
        began = time.perf_counter()
        images, targets = next(feed)
        ready = time.perf_counter()
        model.train_on_batch(images, targets)
        waits.append(ready - began)
        steps.append(time.perf_counter() - began)
    keras.backend.clear_session()
    return {"step": float(np.median(steps[2:])), "share": float(np.sum(waits[2:]) / np.sum(steps[2:]))}


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    print(json.dumps(wait(sys.argv[1], sys.argv[2])))
