"""One way to map a function over many files with a process pool and progress."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import TypeVar

from joblib import Parallel, cpu_count, delayed

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]

PROCESSES_FROM = 256  # starting worker processes costs about as much as this many small images
MAX_WORKERS = 32
AHEAD = 4  # items for each thread that are at work or wait for it
IDLE_SECONDS = 10  # the sample table and the pixel store often follow each other; then the workers' memory is given back


def parallel_map(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    progress: Progress | None = None,
    chunk_size: int = 64,
    threads: bool = False,
) -> list[Result]:
    """Apply `function` to every item, in order, on all cores.

    Few items are shared out to threads (decoders let go of Python's lock), many to a pool of processes. These are
    started afresh, not forked: forking one in which TensorFlow or Streamlit runs threads can deadlock. Nor do they import the
    caller's main module, as those of `multiprocessing` would: under Streamlit that is the page itself.

    Parameters
    ----------
    function : callable
        Picklable, and so is what it takes and returns.
    items : sequence
    progress : callable of (int, int), optional
        Called with the number of items done and the number of all items.
    chunk_size : int
        Items sent to a worker at a time.
    threads : bool
        However many there are, they go to threads: for a function that hands its work to processes itself.

    Returns
    -------
    list
    """
    workers = min(cpu_count(), MAX_WORKERS)
    if workers == 1:
        return _collect(map(function, items), len(items), progress)
    if threads or len(items) < PROCESSES_FROM:
        with closing(_in_threads(function, items, workers)) as found:
            return _collect(found, len(items), progress)
    pool = Parallel(workers, backend="loky", return_as="generator", batch_size=chunk_size, idle_worker_timeout=IDLE_SECONDS)
    results = pool(delayed(function)(item) for item in items)
    try:
        return _collect(results, len(items), progress)
    finally:
        results.close()  # what interrupts the caller stops the workers too


def _in_threads(function: Callable[[Item], Result], items: Sequence[Item], workers: int) -> Generator[Result, None, None]:
    """Results in order, worked out a few ahead: while nobody takes them, work stands still."""
    left = iter(items)
    with ThreadPoolExecutor(workers) as pool:
        ahead = deque(pool.submit(function, item) for item in islice(left, AHEAD * workers))
        try:
            while ahead:
                yield ahead.popleft().result()
                ahead.extend(pool.submit(function, item) for item in islice(left, 1))
        finally:
            for waiting in ahead:
                waiting.cancel()


def _collect(results: Iterable[Result], total: int, progress: Progress | None) -> list[Result]:
    done: list[Result] = []
    for result in results:
        done.append(result)
        if progress and (len(done) % 32 == 0 or len(done) == total):
            progress(len(done), total)
    return done
