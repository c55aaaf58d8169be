"""Scoring an archive: `score` on local workers and on Ray, against `predict` for each file and against one `predict` for all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from benchmarks.figure import Figure
from benchmarks.sources import Sources

RUN = "lens-mobilenet-20261121-133259-21f5d5"
MANY, SEVERAL, ALONE = 256, 24, 2  # films of `score`, of one `predict`, and of a `predict` for each


def run(sources: Sources, scratch: Path):
    archive = scratch / "archive"
    films = linked(sources, archive, MANY)
    each = sum(seconds("predict", RUN, film)[0] for film in films[:ALONE]) / ALONE
    loop, loop_work = seconds("predict", RUN, *films[:SEVERAL])
    rates = {f"a predict for each file ({ALONE} files)": 1 / each, f"one predict for all ({SEVERAL} files)": SEVERAL / loop}
    for on in ("local", *(["ray"] if find_spec("ray") else [])):
        took, work = seconds("score", RUN, "--data", archive, "--out", scratch / f"{on}.parquet", "--on", on)
        spent = f", {1e3 * work / MANY:.0f} ms of processor a film" if on == "local" else ""
        for loop_name, rate in rates.items():
            other = f", {1e3 * loop_work / SEVERAL:.0f} ms of processor a film" if loop_name.startswith("one") else ""
            yield Figure(
                f"score --on {on}, {MANY} films, starting included",
                f"{MANY / took:.2f} films/s{spent}",
                f"{loop_name}, {rate:.2f} films/s{other}",
                MANY / took / rate,
            )


def linked(sources: Sources, folder: Path, n: int) -> list[str]:
    """So many names for the films of the data set, as hard links where the disk allows it."""
    given = sorted(path for path in sources.data.rglob("*.jpeg") if "masks" not in path.parts)
    folder.mkdir(parents=True)
    for number in range(n):
        film, name = given[number % len(given)], folder / f"{number:07d}.jpeg"
        try:
            os.link(film, name)
        except OSError:  # on another disk
            name.write_bytes(film.read_bytes())
    return [str(name) for name in sorted(folder.iterdir())]


def seconds(*words: object) -> tuple[float, float]:
    """What a command takes: on the clock, and of the processors by it and the processes that it waits for."""
    before, began = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "core", *map(str, words), "--json"], check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return time.perf_counter() - began, sum(after[:2]) - sum(before[:2])
