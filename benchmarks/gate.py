"""What the bounded process adds to the decoding of a good film: the target is 20 ms at most."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from benchmarks.sources import Sources

ROUNDS = 5
ALLOWED = 20  # ms


def run(sources: Sources, scratch: Path):
    from core.images import gate, read_grey

    films = [path.read_bytes() for path in sorted(sources.originals.rglob("*.jpeg"))[:40]]
    gate.read_grey(films[0])
    for size, words in ((None, "whole"), (224, "at 224 pixels")):
        outside = [_milliseconds(gate.read_grey, film, size) for film in films]
        here = [_milliseconds(read_grey, film, size) for film in films]
        added = median(a - b for a, b in zip(outside, here, strict=True))
        yield Figure(
            f"a film {words} in a bounded process", f"{median(outside):.1f} ms", f"here, {median(here):.1f} ms", ALLOWED / max(added, 0.1)
        )


def _milliseconds(decode, film: bytes, size: int | None) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        decode(film, size)
        times.append(time.perf_counter() - began)
    return median(times) * 1e3
