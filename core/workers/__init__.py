"""Work shared out to processes: of this machine, or of a cluster that Ray holds together. No room but this one knows which."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from core.errors import InputError
from core.parallel import Progress
from core.workers.items import Items, Outcome, WorkerLost

__all__ = ["LOCAL", "RAY", "Outcome", "Work", "WorkerLost", "Workers", "checked_place", "open_workers"]

LOCAL, RAY = "local", "ray"


class Work(NamedTuple):
    """What the workers of one `Workers.map` do, and what each has for itself; its parameters say more."""

    function: Callable
    start: Callable[[], Any] | None
    cpus: int
    gpus: int
    size: int | None


class Workers(ABC):
    """Processes that apply a function to items; one `map` at a time.

    Parameters
    ----------
    size : int, optional
        How many workers each `map` has that does not say so itself.
    """

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
    ) -> Generator[Outcome]:
        """Apply `function` to each item in some process, and give the outcomes as they come.

        Items are taken one at a time, when a worker is free, so a million of them may come from a generator. Whatever ends the
        iteration early (a ``break``, Ctrl-C, `cancelled`) ends the workers. Where they have no `start`, KeyboardInterrupt is raised in
        them before, so that what is at work can tidy up; on Ray it comes between two steps of Python, not in the middle of a long call.

        Parameters
        ----------
        function : callable
            Of a module, where another process finds it by its name; what it takes and returns can be pickled. Called with an item,
            or, where there is a `start`, with what that returned and an item.
        items : iterable
        start : callable, optional
            Called once in each worker, before its first item: it loads a model, say.
        cpus, gpus : int
            Processors, and whole GPUs, that each worker has for itself.
        retries : int
            How often an item is given to another worker after one that died. An error that the function raises is final.
        size : int, optional
            How many workers; as many as the processors and GPUs allow if None.
        progress : callable of (int, int), optional
            Called with the number of items done and of all items, so far as they are known.
        cancelled : callable, optional
            Asked a few times a second; once it says True, the iteration ends.

        Yields
        ------
        Outcome

        Raises
        ------
        InputError
            If there are not the processors or GPUs for a single worker.
        Exception
            What `start` raised.
        """
        work = Work(function, start, cpus, gpus, size or self._size)
        yield from self._outcomes(work, Items(items, retries, progress), cancelled or (lambda: False))

    @abstractmethod
    def _outcomes(self, work: Work, items: Items, cancelled: Callable[[], bool]) -> Iterator[Outcome]:
        """Have the items done by as many workers as there is room for, which end with the iteration."""


def checked_place(on: str) -> str:
    """`on`, if it is a place where work can be done.

    Parameters
    ----------
    on : str
        As of `open_workers`.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If it is none.
    """
    if on in (LOCAL, RAY) or on.startswith("ray://"):
        return on
    raise InputError(f"Work is done on local, ray or ray://HOST:PORT; received {on!r}.")


def open_workers(on: str = LOCAL, size: int | None = None) -> AbstractContextManager[Workers]:
    """Workers of this machine or of a Ray cluster, for the length of a ``with`` block.

    Parameters
    ----------
    on : str
        ``local`` for processes of this machine; ``ray`` for the cluster at ``RAY_ADDRESS``, or else the one started on this machine, or
        else one of its own for the length of the block; ``ray://HOST:PORT`` for a cluster elsewhere.
    size : int, optional
        How many workers each `map` has that does not say so itself.

    Returns
    -------
    context manager of Workers

    Raises
    ------
    InputError
        If `on` is none of these, Ray is not installed, or the cluster cannot be reached.
    """
    if checked_place(on) == LOCAL:
        from core.workers.local import local_workers

        return local_workers(size)
    try:
        from core.workers.ray import ray_workers
    except ModuleNotFoundError as error:
        if error.name != RAY:
            raise
        raise InputError("Working on Ray needs the package ray, which is not installed; install it with: make cluster") from None
    return ray_workers(None if on == RAY else on, size)
