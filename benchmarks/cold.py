"""Every benchmark by name, and one of them from a cold start: in a process and with a cache of its own."""

from __future__ import annotations

import os
from multiprocessing import get_context
from pathlib import Path

from benchmarks import (
    bombs,
    comparing,
    data_page,
    decoding,
    features,
    feeding,
    gate,
    groups,
    image_map,
    indexing,
    inspecting,
    localisation,
    overview,
    pages,
    saliency,
    scoring,
    screening,
    sessions,
    tiles,
    training,
)
from benchmarks.sources import Sources

BENCHMARKS = {
    "indexing": indexing.run,
    "decoding": decoding.run,
    "gate": gate.run,
    "training": training.run,
    "features": features.run,
    "feeding": feeding.run,
    "pages": pages.run,
    "overview": overview.run,
    "inspecting": inspecting.run,
    "screening": screening.run,
    "comparing": comparing.run,
    "data": data_page.run,
    "sessions": sessions.run,
    "tiles": tiles.run,
    "bombs": bombs.run,
    "groups": groups.run,
    "map": image_map.run,
    "score": scoring.run,
    "saliency": saliency.run,
    "localisation": localisation.run,
}

ROWS = "rows.md"  # what a benchmark printed, in its folder


def in_own_process(name: str, sources: Sources, scratch: Path) -> bool:
    """Run a benchmark that finds nothing of what another has warmed, and print its figures as they come; whether it ended well."""
    process = get_context("spawn").Process(target=run_cold, args=(name, sources, scratch))
    process.start()
    process.join()
    return process.exitcode == 0


def run_cold(name: str, sources: Sources, scratch: Path) -> None:
    """Run a benchmark with an empty cache, in a folder that is made for it."""
    scratch.mkdir()
    os.environ["PNEUMOLENS_CACHE"] = str(scratch / "cache")
    with (scratch / ROWS).open("w", encoding="utf-8") as rows:
        for figure in BENCHMARKS[name](sources, scratch):
            print(figure.row(name), flush=True)
            print(figure.row(name), file=rows)
