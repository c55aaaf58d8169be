"""Workers that a Ray cluster holds: the one module that knows of Ray.

Ray would send figures of its use to its makers and, started by ``uv run``, replace the Python of its workers; both are off. Whoever can
reach a cluster can run code on it, so a token is asked of everybody, and a cluster of our own listens on this machine alone and has no
dashboard: see docs/cluster.md. Ray could repeat what a lost node had by itself; it is done here, so that attempts are counted and
both kinds of workers behave alike.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SAFE = {"RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
for _name, _value in SAFE.items():
    os.environ.setdefault(_name, _value)  # Ray reads them while it is imported

import ray  # noqa: E402
from ray import exceptions  # noqa: E402

from core.errors import InputError  # noqa: E402
from core.parallel import Progress  # noqa: E402
from core.workers import Outcome  # noqa: E402
from core.workers.items import Items, Task  # noqa: E402
from core.workers.seat import GRACE_SECONDS, ROOT  # noqa: E402

FIXED = (2, 54)  # the first version in which what could be run from a browser or without the token is closed
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
    if tuple(map(int, ray.__version__.split(".")[:2])) < FIXED:
        raise InputError(f"Ray {ray.__version__} lets strangers run code; install a later one with: make cluster")
    mine = not ray.is_initialized()
    if mine:
        _connect(address)
    try:
        yield RayWorkers(size)
    finally:
        if mine:
            ray.shutdown()


def _connect(address: str | None) -> None:
    if not address and "RAY_ADDRESS" not in os.environ and not _has_token():
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)  # for a cluster of this process's own; in a file, others might read it
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    local = {} if address else {"include_dashboard": False}
    try:
        ray.init(address, runtime_env={"env_vars": {"PYTHONPATH": paths}}, log_to_driver=False, logging_level=logging.WARNING, **local)
    except (ConnectionError, ValueError, RuntimeError, exceptions.RayError) as error:
        first = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise InputError(f"The Ray cluster at {address or os.environ.get('RAY_ADDRESS', 'this machine')} cannot be used: {first}") from None


def _has_token() -> bool:
    named = os.environ.get("RAY_AUTH_TOKEN") or os.environ.get("RAY_AUTH_TOKEN_PATH")
    return bool(named) or (Path.home() / ".ray" / "auth_token").exists()


class RayWorkers:
    """Tasks, or actors where there is something to start, of a cluster; see `core.workers.Workers`."""

    def __init__(self, size: int | None = None) -> None:
        self._size = size

    def map(
        self,
        function: Callable,
        items: Iterable,
        *,
        start: Callable[[], Any] | None = None,
        cpus: int = 1,
        gpus: int = 0,
        retries: int = 0,
        size: int | None = None,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[Outcome]:
        """As `core.workers.Workers.map`."""
        room = _places(cpus, gpus)
        options = {"num_cpus": cpus, "num_gpus": gpus}
        make = (lambda: _Actor(function, start, options)) if start else (lambda: _Tasks(function, options))
        seats = [make() for _ in range(min(size or self._size or room, room))]  # a fixed number: pools that grow stay at one with GPUs
        try:
            yield from _outcomes(seats, Items(items, retries, progress), cancelled or (lambda: False))
        finally:
            _end(seats)


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


def _outcomes(seats: Sequence[_Tasks | _Actor], items: Items, cancelled: Callable[[], bool]) -> Iterator[Outcome]:
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
