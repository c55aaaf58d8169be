"""Workers that a Ray cluster holds. Ray could repeat what a lost node had by itself; it is done here, so that attempts are counted and
both kinds of workers behave alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from core.errors import InputError
from core.workers import Outcome, Work, Workers
from core.workers.items import Items, Task
from core.workers.ray_cluster import joined  # first: it sets what Ray reads while it is imported
from core.workers.seat import GRACE_SECONDS

import ray  # isort: skip
from ray import exceptions  # isort: skip

POLL_SECONDS = 0.2
LOST = (
    exceptions.WorkerCrashedError,
    exceptions.RayActorError,
    exceptions.NodeDiedError,
    exceptions.ObjectLostError,
    exceptions.OutOfMemoryError,
)


@contextmanager
def ray_workers(address: str | None, size: int | None = None) -> Iterator[RayWorkers]:
    """Workers of a cluster, as `core.workers.open_workers` says.

    Parameters
    ----------
    address : str or None
    size : int, optional

    Yields
    ------
    RayWorkers

    Raises
    ------
    InputError
        If the cluster cannot be reached, or this version of Ray must not be used.
    """
    with joined(address):
        yield RayWorkers(size)


class RayWorkers(Workers):
    """Tasks, or actors where there is something to start, of a cluster."""

    def _outcomes(self, work: Work, items: Items, cancelled: Callable[[], bool]) -> Iterator[Outcome]:
        room = _places(work.cpus, work.gpus)
        options = {"num_cpus": work.cpus, "num_gpus": work.gpus}
        seats = [_seat(work, options) for _ in range(min(work.size or room, room))]  # a fixed number: pools that grow stay at one with GPUs
        try:
            yield from _at_work(seats, items, cancelled)
        finally:
            _end(seats)


def _seat(work: Work, options: dict) -> _Tasks | _Actor:
    return _Actor(work.function, work.start, options) if work.start else _Tasks(work.function, options)


def _places(cpus: int, gpus: int) -> int:
    """How many workers the cluster has room for."""
    there = ray.cluster_resources()
    has = {"CPU": int(there.get("CPU", 0)), "GPU": int(there.get("GPU", 0))}
    room = min([has["CPU"] // cpus if cpus else has["CPU"]] + ([has["GPU"] // gpus] if gpus else []))
    if not room:
        raise InputError(f"A worker needs {cpus} CPU and {gpus} GPU, and the cluster has {has['CPU']} and {has['GPU']} in all.")
    return room


class _Tasks:
    """A worker without state: each of its items is a task of Ray, which finds a process by itself."""

    is_ready = True

    def __init__(self, function: Callable, options: dict) -> None:
        self._remote = ray.remote(max_retries=0, **options)(lambda item: function(item))
        self.task: Task | None = None
        self.answer: ray.ObjectRef | None = None

    def give(self, task: Task) -> None:
        self.task, self.answer = task, self._remote.remote(task.item)

    def replace(self) -> None:
        """Nothing is left of it."""

    def interrupt(self) -> None:
        if self.task:
            ray.cancel(self.answer)  # raises KeyboardInterrupt there

    def end(self) -> None:
        if self.task:
            ray.cancel(self.answer, force=True)


class _Stateful:
    """What lives in the process of an actor."""

    def __init__(self, function: Callable, start: Callable) -> None:
        self._function, self._start = function, start

    def ready(self) -> None:  # apart from its making, whose error Ray hands on as text alone
        self._state = self._start()

    def work(self, item: object) -> object:
        return self._function(self._state, item)


class _Actor:
    """A worker with state: an actor of Ray. It is given nothing before it is ready, as the cluster may have no place for it."""

    def __init__(self, function: Callable, start: Callable, options: dict) -> None:
        self._made_by = (function, start, options)
        self.replace()

    def replace(self) -> None:
        function, start, options = self._made_by
        self._handle: Any = ray.remote(max_restarts=0, **options)(_Stateful).remote(function, start)
        self.task: Task | None = None
        self.is_ready, self.answer = False, self._handle.ready.remote()

    def give(self, task: Task) -> None:
        self.task, self.answer = task, self._handle.work.remote(task.item)

    def interrupt(self) -> None:
        ray.kill(self._handle)

    def end(self) -> None:
        """It has ended already."""


def _at_work(seats: Sequence[_Tasks | _Actor], items: Items, cancelled: Callable[[], bool]) -> Iterator[Outcome]:
    """Give items to workers that are ready and free, and their outcomes to whoever iterates."""
    while not cancelled():
        for seat in seats:
            if seat.is_ready and not seat.task and (task := items.take()):
                seat.give(task)
        if items.exhausted and not any(seat.task for seat in seats):
            return
        asked = {seat.answer: seat for seat in seats if seat.task or not seat.is_ready}
        for answer in ray.wait(list(asked), num_returns=1, timeout=POLL_SECONDS)[0]:
            if outcome := _heard(asked[answer], items):
                yield outcome


def _heard(seat: _Tasks | _Actor, items: Items) -> Outcome | None:
    """The outcome of the item that a worker has, if it had one; a worker that is lost is replaced."""
    task, seat.task = seat.task, None
    try:
        value = ray.get(seat.answer)
    except LOST as error:
        return _lost(seat, items, task, error)
    except exceptions.RayTaskError as error:
        if task:
            return items.done(task, error=error.cause)
        raise error.cause from None
    seat.is_ready = True
    return items.done(task, value) if task else None


def _lost(seat: _Tasks | _Actor, items: Items, task: Task | None, error: Exception) -> Outcome | None:
    seat.replace()
    return items.lost(task, f"Its worker was lost ({type(error).__name__})") if task else None


def _end(seats: Sequence[_Tasks | _Actor]) -> None:
    """Interrupt what is at work, and end all within `GRACE_SECONDS`."""
    for seat in seats:
        seat.interrupt()
    busy = [seat for seat in seats if seat.task]
    if busy:
        ray.wait([seat.answer for seat in busy], num_returns=len(busy), timeout=GRACE_SECONDS)
    for seat in busy:
        seat.end()
