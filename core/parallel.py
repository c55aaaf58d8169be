"""One way to map a function over many files with a process pool and progress."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item, Result = TypeVar("Item"), TypeVar("Result")
Progress = Callable[[int, int], None]

INLINE_BELOW = 256  # starting worker processes costs about as much as this many small images


def parallel_map(
    function: Callable[[Item], Result], items: Sequence[Item], progress: Progress | None = None, chunk_size: int = 64
) -> list[Result]:
    """Apply `function` to every item, in order, on all cores.

    Workers are spawned, not forked: forking a process in which TensorFlow or Streamlit runs threads can deadlock.

    Parameters
    ----------
    function : callable
        Picklable, and so is what it takes and returns.
    items : sequence
    progress : callable of (int, int), optional
        Called with the number of items done and the number of all items.
    chunk_size : int
        Items sent to a worker at a time.

    Returns
    -------
    list
    """
    workers = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 32)
    if len(items) < INLINE_BELOW or workers == 1:
        return _collect(map(function, items), len(items), progress)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        return _collect(pool.map(function, items, chunksize=chunk_size), len(items), progress)


def _collect(results: Iterable[Result], total: int, progress: Progress | None) -> list[Result]:
    done = []
    for result in results:
        done.append(result)
        if progress and (len(done) % 32 == 0 or len(done) == total):
            progress(len(done), total)
    return done
