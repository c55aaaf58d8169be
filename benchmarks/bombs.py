"""Every hostile file that is known: answered by a result or one sentence, within 3 seconds and 500 MB, all processes together."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks.figure import Figure
from benchmarks.hostile import Ask, cases
from benchmarks.sources import Sources
from core.errors import InputError
from core.images import gate

SECONDS, MEMORY = 3.0, 500  # MB
EVERY = 0.02  # seconds between two looks at the processes that a case started


def run(sources: Sources, scratch: Path) -> Iterator[Figure]:
    damaged = []
    for name, ask in cases(scratch / "hostile"):
        figure, took = measured(name, ask)
        if name.startswith("a damaged run"):
            damaged.append((took, figure))
        if not name.startswith("a damaged run") or "missed" in figure.ours:
            yield figure
    took, slowest = max(damaged, key=lambda one: one[0])
    yield Figure(f"{len(damaged)} damaged runs, the slowest", slowest.ours, slowest.what.partition(": ")[2])


def measured(name: str, ask: Ask) -> tuple[Figure, float]:
    """Processor time and wall time, and by how much the memory of all processes together rose at most."""
    with watched() as found:
        answer = answered(ask)
    at_once = gate.POOL.n_workers if "folder" in name else 1  # files that are decoded at the same time
    held = found["processor"] <= SECONDS * at_once and found["memory"] <= MEMORY * at_once
    told = f"{found['processor']:.2f} s, + {found['memory']:,.0f} MB {'held' if held else 'missed'}"
    return Figure(name, told, f"{answer[:90]} ({found['wall']:.1f} s by the clock)"), found["processor"]


def answered(ask: Ask) -> str:
    """What came of it; any other error is none that a person should see."""
    try:
        ask()
    except InputError as error:
        return str(error)
    return "shown"


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Seconds of processor time, seconds by the clock, and MB, of this process and those it starts."""
    me, found, end = psutil.Process(), {}, threading.Event()
    before, seen = {}, {}
    for one in (me, *me.children(recursive=True)):
        with suppress(psutil.NoSuchProcess, OSError):  # it ended
            before[one.pid] = forget_peak(one.pid), processor(one)

    def look() -> None:
        for one in (me, *me.children(recursive=True)):
            with suppress(psutil.NoSuchProcess, OSError):  # it ended
                seen[one.pid] = megabytes(one.pid, "VmHWM"), processor(one)

    def watch() -> None:
        while not end.wait(EVERY):
            look()

    thread, began = threading.Thread(target=watch, daemon=True), time.perf_counter()
    thread.start()
    try:
        yield found
    finally:
        found["wall"] = time.perf_counter() - began
        end.set()
        thread.join()
        look()
        rises = [(peak - before.get(pid, (0, 0))[0], spent - before.get(pid, (0, 0))[1]) for pid, (peak, spent) in seen.items()]
        found["memory"], found["processor"] = (sum(max(0.0, rise[place]) for rise in rises) for place in (0, 1))


def forget_peak(pid: int) -> float:
    """Let the most memory that a process has had be what it has now, in MB."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return megabytes(pid, "VmRSS")


def megabytes(pid: int, what: str) -> float:
    found = re.search(rf"{what}:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 / 1e6 if found else 0.0  # one that has ended and is not fetched yet has none


def processor(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
