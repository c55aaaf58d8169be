"""Ten visitors at once: one asks for slow maps of four models, one uploads 64 MB again and again, one looks at Compare, seven click.

Each of the seven clicks first while the others are idle, then beside them, in the same run on the same server.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, cycle
from pathlib import Path

import numpy as np
import psutil

from benchmarks.figure import Figure
from benchmarks.serving import PROJECT, serving
from benchmarks.sources import Sources
from benchmarks.visitor import Visitor
from core.machine.waiting_line import LOOK_AGAIN

ALONE, LOADED = 4, 60  # clicks of each, and seconds
THINKING = 3.0  # seconds between two clicks
SLOW = ["SmoothGrad", "Occlusion"]
SETTLE = 20  # seconds after which the memory is read again
LEFT = 0.5  # seconds that a click may take more
GROWTH = 300  # MB
Act = Callable[[], float]  # does something on a page, and says how many seconds that took


def run(sources: Sources, scratch: Path) -> Iterator[Figure]:
    slow, usual = models()
    films = examples(sources)
    with serving(PROJECT / "dashboard" / "app.py", PNEUMOLENS_DATA=str(sources.data)) as address:
        clickers = seven(address, usual, films)
        heavy = [slow_maps(address, slow, films), large_upload(address), curves(address)]
        for act in heavy:  # once, so that models are loaded and tables measured
            act()
        server = of_port(address)
        before = memory(server)
        alone, costs = {}, {}
        for name, act in clickers.items():
            act()
            used = processor(server)
            alone[name] = [act() for _ in range(ALONE)]
            costs[name] = (processor(server) - used) / ALONE
        beside, works = together(clickers, heavy)
        for name in clickers:
            yield compared(f"{name} ({costs[name]:.2f} s of processor)", alone[name], beside[name])
        yield compared("all clicks", [*chain(*alone.values())], [*chain(*beside.values())])
        for what, times in zip(("four models' slow maps", "an upload of 64 MB", "another curve on Compare"), works, strict=True):
            yield Figure(f"meanwhile: {what}, median of {len(times)}", f"{statistics.median(times):.1f} s" if times else "none ended")
        yield waits(address, slow, films)
        time.sleep(SETTLE)
        after = memory(server)
        told = f"{after:,.0f} MB {'held' if after - before <= GROWTH else 'missed'} (+ {GROWTH} MB)"
        yield Figure(f"server's memory {SETTLE} s later; load of the machine {os.getloadavg()[0]:.1f}", told, f"{before:,.0f} MB before")


def together(clickers: dict[str, Act], heavy: list[Act]) -> tuple[dict[str, list[float]], list[list[float]]]:
    """Seconds of every click and of every piece of work while all go on."""
    end = threading.Event()

    def repeat(act: Act, rest: float) -> list[float]:
        times = []
        while not end.is_set():
            times.append(act())
            end.wait(rest)
        return times

    with ThreadPoolExecutor(len(clickers) + len(heavy)) as pool:
        works = [pool.submit(repeat, act, 0.1) for act in heavy]
        beside = {name: pool.submit(repeat, act, THINKING) for name, act in clickers.items()}
        time.sleep(LOADED)
        end.set()
    return {name: times.result() for name, times in beside.items()}, [times.result() for times in works]


def waits(address: str, runs: list[str], films: list[str]) -> Figure:
    """Three visitors ask for the same slow maps at once: how long each stands in line."""
    visitors = [Visitor(address) for _ in range(3)]

    def ask(visitor: Visitor) -> tuple[float, float]:
        seconds = visitor.open("inspect", inspect_runs=runs[:1], inspect_method=SLOW[1], inspect_sample=films[0])
        return seconds, LOOK_AGAIN * sum(" in line" in text for text in visitor.texts)

    with ThreadPoolExecutor(len(visitors)) as pool:
        found = sorted(pool.map(ask, visitors))
    told = ", ".join(f"{waited:.1f} of {seconds:.1f} s" for seconds, waited in found)
    return Figure("three ask for one slow map at once: in line, of all", told)


def compared(name: str, alone: list[float], beside: list[float]) -> Figure:
    more = statistics.median(beside) - statistics.median(alone)
    told = f"{spread(beside)} {'held' if more <= LEFT else 'missed'}"
    return Figure(name, told, f"alone {spread(alone)}; + {more:.2f} s", statistics.median(alone) / statistics.median(beside))


def spread(times: list[float]) -> str:
    return f"{statistics.median(times):.2f} s ({np.quantile(times, 0.9):.2f} at 90 %)"


def models() -> tuple[list[str], str]:
    """Four runs with models of several kinds, and the smallest of all."""
    from core.runs.store import list_runs

    found = [run for run in list_runs(PROJECT / "models")[0] if run.model_path.exists()]
    runs = sorted(found, key=lambda run: run.model_path.stat().st_size)
    by_system = list({run.config.system: run for run in runs}.values())
    return [run.name for run in by_system[-4:]], runs[0].name


def examples(sources: Sources) -> list[str]:
    """Samples of the test split."""
    from core.datasets import open_dataset

    samples = open_dataset(sources.data).samples
    return samples.loc[samples["split"] == "test", "sample_id"].tolist()[::7]


def slow_maps(address: str, runs: list[str], films: list[str]) -> Act:
    left = iter(films * 99)
    visitor = Visitor(address)
    return lambda: visitor.open("inspect", inspect_runs=runs, inspect_method=SLOW[0], inspect_also=SLOW[1:], inspect_sample=next(left))


def large_upload(address: str) -> Act:
    visitor, content = Visitor(address), bitmap(7900)
    visitor.open("inspect")
    return lambda: visitor.upload("inspect_upload", "large.bmp", content)


def bitmap(side: int) -> bytes:
    """A grey picture of side × side bytes and a little more."""
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (side, side), dtype=np.uint8)).save(file, "BMP")
    return file.getvalue()


def curves(address: str) -> Act:
    return turns(address, "compare", "compare_curve", [["DET"], ["ROC"]])


def turns(address: str, page: str, key: str, values: list, **query: str) -> Act:
    """Give a widget one value after the other."""
    visitor, left = Visitor(address), cycle(values)
    visitor.open(page, **query)
    return lambda: visitor.choose(key, next(left))


def again(address: str, page: str) -> Act:
    """Open a page anew."""
    visitor = Visitor(address)
    return lambda: visitor.open(page)


def quick_maps(address: str, run: str, films: list[str]) -> Act:
    """Another film each time: a score and a quick map that nobody asked for before."""
    visitor, left = Visitor(address), iter(films[::-1])
    visitor.open("inspect", inspect_runs=run)
    return lambda: visitor.open("inspect", inspect_runs=run, inspect_sample=next(left))


def seven(address: str, run: str, films: list[str]) -> dict[str, Act]:
    """The visitors whose clicks are measured."""
    looks = [["Sizes"], ["Gallery"]]
    return {
        "Overview, each seed": turns(address, "", "overview_seeds", [True, False]),
        "Overview with its gaps, each seed": turns(address, "", "overview_seeds", [True, False], overview_gaps="true"),
        "Data, another look": turns(address, "data", "data_look", looks),
        "Train, opened again": again(address, "train"),
        "Compare, opened again": again(address, "compare"),
        "Inspect, another film with a quick map": quick_maps(address, run, films),
        "Inspect, another quick map": turns(address, "inspect", "inspect_method", ["Saliency", "Grad-CAM"], inspect_runs=run),
    }


def of_port(address: str) -> psutil.Process:
    """The server's process."""
    port = int(address.rpartition(":")[2])
    return next(child for child in psutil.Process().children() for found in child.net_connections() if found.laddr.port == port)


def processor(process: psutil.Process) -> float:
    """Seconds of processor time that it took so far, which a busy machine does not make longer."""
    times = process.cpu_times()
    return times.user + times.system


def memory(process: psutil.Process) -> float:
    """Of a process and its children, in MB: what nobody else shares."""
    return sum(one.memory_full_info().uss for one in (process, *process.children(recursive=True))) / 1e6
