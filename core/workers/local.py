"""Workers that are processes of this machine.

They are started afresh, not forked: forking a process in which TensorFlow or Streamlit runs threads can deadlock. Nor do they import the
caller's main module, as those of `multiprocessing` would: under Streamlit that is the page itself. And one that is killed takes its own
item with it and no other, where the pools of `concurrent.futures` and joblib give up all that wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path

from joblib import cpu_count

from core.errors import InputError
from core.workers import Outcome, Work, Workers
from core.workers.items import Items
from core.workers.process import DONE
from core.workers.seat import LOST, Seat, end_all

POLL_SECONDS = 0.2


@contextmanager
def local_workers(size: int | None = None) -> Iterator[LocalWorkers]:
    """Workers of this machine, as `core.workers.open_workers` says.

    Parameters
    ----------
    size : int, optional

    Yields
    ------
    LocalWorkers
    """
    yield LocalWorkers(size)


class LocalWorkers(Workers):
    """Processes of this machine."""

    def _outcomes(self, work: Work, items: Items, cancelled: Callable[[], bool]) -> Iterator[Outcome]:
        devices = shares(work.gpus)
        room = places(work.cpus, devices)
        wanted = work.size or room
        given = devices[:wanted] if devices else [None] * wanted
        seats = [Seat(work.function, work.start, work.cpus, device) for device in given]
        try:
            yield from _at_work(seats, items, cancelled)
        finally:
            end_all(seats)


def places(cpus: int, devices: list[str]) -> int:
    """How many workers there is room for: at least one, however many processors it asks for."""
    room = max(cpu_count() // cpus, 1)
    return min(room, len(devices)) if devices else room


def shares(gpus: int) -> list[str]:
    """The GPUs of each worker, as ``CUDA_VISIBLE_DEVICES`` names them; empty where none is asked for.

    Raises
    ------
    InputError
        If there are fewer than one worker needs.
    """
    if not gpus:
        return []
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    found = [name for name in named.split(",") if name] if named is not None else [str(i) for i in range(_gpus_of_this_machine())]
    if len(found) < gpus:
        raise InputError(f"A worker needs {gpus} GPU, and this machine shows {len(found)}.")
    return [",".join(found[i : i + gpus]) for i in range(0, len(found) - gpus + 1, gpus)]


def _gpus_of_this_machine() -> int:
    return len([path for path in Path("/dev").glob("nvidia*") if path.name.removeprefix("nvidia").isdigit()])


def _at_work(seats: list[Seat], items: Items, cancelled: Callable[[], bool]) -> Iterator[Outcome]:
    """Give items to workers that are free, and their outcomes to whoever iterates."""
    while not cancelled():
        for seat in seats:
            if not seat.task and (task := items.take()):
                seat.give(task)
        busy = [seat for seat in seats if seat.task]
        if not busy:
            return
        speaking = wait([seat.connection for seat in busy if seat.connection], POLL_SECONDS)
        for seat in busy:
            if seat.connection in speaking and (outcome := _heard(seat, items)):
                yield outcome


def _heard(seat: Seat, items: Items) -> Outcome | None:
    """The outcome of the item that a worker has, if that is what it says."""
    answer, task = seat.answer(), seat.task
    if answer is None or task is None:
        return None
    seat.task, (how, what) = None, answer
    if how == LOST:
        return items.lost(task, what)
    return items.done(task, what) if how == DONE else items.done(task, error=what)
