"""CNN_1: images a second and peak memory, against the write-up's own loop (`load_img` for every batch, float32), and without oneDNN."""

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

N_IMAGES = 640
BATCH = 32
SIZE = 224


def run(sources: Sources, scratch: Path):
    command = [sys.executable, "-m", "core", "train", "cnn1", "--data", str(sources.data), "--models", str(scratch / "models"), "--json"]
    subprocess.run([*command, "--epochs", "1", "--limit", "40"], capture_output=True, check=True)  # decodes the pixel store
    timed = [*command, "--epochs", "1", "--limit", str(int(N_IMAGES / 0.8))]
    ours, plain, theirs = [], [], []
    for _ in range(2):
        ours.append(trained(timed, scratch))
        plain.append(trained(timed, scratch, TF_ENABLE_ONEDNN_OPTS="0"))
        loop = [sys.executable, "-m", "benchmarks.training", str(sources.data)]
        theirs.append(float(subprocess.run(loop, capture_output=True, check=True, text=True).stdout.split()[-1]))
    best, alternative = (max(cards, key=lambda card: card["images_per_second"]) for cards in (ours, plain))
    rate, theirs_rate = best["images_per_second"], max(theirs)
    yield Figure(
        f"CNN_1 trained in {best['precision']}",
        f"{rate:.0f} images/s",
        f"the write-up's loop, {theirs_rate:.0f} images/s",
        rate / theirs_rate,
    )
    without = alternative["images_per_second"]
    yield Figure("the same", f"{rate:.0f} images/s", f"without oneDNN, {without:.0f} images/s", rate / without)
    looked, waited = (min(card["milliseconds_per_image"] for card in cards) for cards in (ours, plain))
    yield Figure("CNN_1, scoring", f"{looked:.1f} ms an image", f"without oneDNN, {waited:.1f} ms", waited / looked)
    memory, before = (max(card["peak_memory_mb"] for card in cards) for cards in (ours, plain))
    yield Figure("CNN_1, peak memory of training", f"{memory} MB", f"without oneDNN, {before} MB", before / memory)


def trained(command: list[str], scratch: Path, **said: str) -> dict:
    """The card of a training, with its precision."""
    answer = json.loads(subprocess.run(command, env=os.environ | said, capture_output=True, check=True).stdout)
    run = scratch / "models" / answer["run"]
    config = json.loads((run / "config.json").read_text())
    return json.loads((run / "card.json").read_text()) | {"precision": config["device"]["precision"]}


def write_up_loop(data: str) -> float:
    """Images a second of one epoch of the write-up's loop, the first batch left out."""
    import keras

    paths = sorted(Path(data).glob("train/*/*.jpeg"))
    paths = [paths[i] for i in np.random.default_rng(0).permutation(len(paths))[:N_IMAGES]]
    model = keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 3)),
            keras.layers.RandomFlip("horizontal"),
            *(layer for f in (32, 64, 128) for layer in (keras.layers.Conv2D(f, 3, activation="relu"), keras.layers.MaxPooling2D(2))),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(1e-4), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    began = None
    for start in range(0, len(paths), BATCH):
        images = np.stack(
            [keras.utils.img_to_array(keras.utils.load_img(p, target_size=(SIZE, SIZE))) / 255 for p in paths[start : start + BATCH]]
        )
        labels = np.eye(2)[[int(p.parent.name == "PNEUMONIA") for p in paths[start : start + BATCH]]]
        model.train_on_batch(images, labels)
        began = began or time.perf_counter()
    return (len(paths) - BATCH) / (time.perf_counter() - began)


if __name__ == "__main__":
    print(write_up_loop(sys.argv[1]))
