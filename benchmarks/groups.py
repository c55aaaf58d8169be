"""Appearance groups of a data set: cold, with what takes the time, and warm; and of the shipped index."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.figure import Figure, timed
from benchmarks.sources import Sources


def run(sources: Sources, scratch: Path):
    from core.datasets import open_dataset
    from core.datasets.sources.shipped import open_shipped

    dataset, indexing = timed(lambda: open_dataset(sources.data))
    cpu = time.process_time()
    grouping, cold = timed(lambda: _whole(dataset))
    cpu = time.process_time() - cpu
    n = len(dataset.samples)
    by = "MobileNetV2 features" if "MobileNetV2" in grouping.made_from else "measured appearance, no weights at hand"
    yield Figure(
        f"{n:,} images by {by}, {grouping.k} groups, cold", f"{cold:.1f} s ({cpu:.0f} s of CPU)", f"indexing them, {indexing:.1f} s"
    )
    warm = min(timed(lambda: _whole(open_dataset(sources.data)))[1] for _ in range(5))
    yield Figure(f"{n:,} images, again, opened anew", f"{warm:.3f} s", f"cold, {cold:.1f} s", cold / warm)
    _, other = timed(lambda: _whole(dataset, grouping.k + 1))
    yield Figure(f"{n:,} images, another number of groups", f"{other:.2f} s", f"cold, {cold:.1f} s", cold / other)
    index = open_shipped()
    _whole(index)
    yield Figure("shipped index, 5,840 images without pixels, again", f"{min(timed(lambda: _whole(index))[1] for _ in range(5)):.3f} s")


def _whole(dataset, k: int | None = None):
    """The groups and all that is said of them."""
    from core.groups import open_groups, summarise

    grouping = open_groups(dataset, k=k)
    summarise(dataset, grouping)
    return grouping
