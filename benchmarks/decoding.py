"""Full-size files to the pixel store, against `keras.utils.load_img` and `img_to_array`, each after a warm-up."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from benchmarks.sources import Sources

SIZE = 224


def run(sources: Sources, scratch: Path):
    import keras

    from core.datasets import open_dataset
    from core.datasets.pixel_store import pixel_store
    from core.files import cache_dir

    dataset = open_dataset(sources.originals)
    paths = dataset.samples["path"].tolist()

    def ours() -> None:
        shutil.rmtree(cache_dir("pixels"))
        pixel_store(dataset, SIZE)

    def theirs() -> None:
        np.stack([keras.utils.img_to_array(keras.utils.load_img(path, target_size=(SIZE, SIZE))) for path in paths])

    mine, plain = (seconds / len(paths) * 1e3 for seconds in _interleaved(ours, theirs))
    yield Figure(
        f"{len(paths)} full-size files to the pixel store", f"{mine:.1f} ms a file", f"load_img, {plain:.1f} ms a file", plain / mine
    )


def _interleaved(ours, theirs, rounds: int = 3) -> tuple[float, float]:
    """The best time of each, taken in turns so that a slow minute of the machine hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for function, found in zip((ours, theirs), times, strict=True):
            began = time.perf_counter()
            function()
            found.append(time.perf_counter() - began)
    return min(times[0]), min(times[1])
