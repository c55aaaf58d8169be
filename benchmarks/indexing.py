"""Sample table: cold and warm, against one process that opens, decodes and hashes each file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.figure import Figure, timed
from benchmarks.sources import Sources


def run(sources: Sources, scratch: Path):
    from core.datasets import open_dataset

    dataset, cold = timed(lambda: open_dataset(sources.data))
    warm = min(timed(lambda: open_dataset(sources.data))[1] for _ in range(3))
    paths = dataset.samples["path"].tolist()
    _, plain = timed(lambda: [_measure_plainly(path) for path in paths])
    yield Figure(f"{len(paths):,} images, cold", f"{cold:.2f} s", f"plain loop of one process, {plain:.2f} s", plain / cold)
    yield Figure(f"{len(paths):,} images, again", f"{warm:.3f} s", f"cold, {cold:.2f} s", cold / warm)


def _measure_plainly(path: str) -> tuple:
    content = Path(path).read_bytes()
    with Image.open(path) as picture:
        grey = np.asarray(picture.convert("L"))
    return hashlib.sha256(content).hexdigest(), grey.mean(), grey.std()
