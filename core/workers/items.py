"""Items on their way through workers: taken one at a time, given again after a loss, counted when they are done."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sized
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.parallel import Progress


class WorkerLost(RuntimeError):
    """A worker died, or its machine did, before it had an answer."""


class Outcome(NamedTuple):
    """What became of one item.

    Attributes
    ----------
    index : int
        Its place among the items.
    value : object
        What the function returned; None where it failed.
    error : Exception or None
        What the function raised, or `WorkerLost`.
    attempts : int
        How often the item was given to a worker.
    """

    index: int  # type: ignore[assignment]  # nobody asks a tuple's own method of this name
    value: Any
    error: Exception | None
    attempts: int


@dataclass
class Task:
    """An item that a worker has, and how often one was given it."""

    index: int
    item: object
    attempts: int = 0


class Items:
    """The items of one `core.workers.Workers.map`.

    Parameters
    ----------
    items : iterable
    retries : int
    progress : callable of (int, int), optional
    """

    def __init__(self, items: Iterable, retries: int = 0, progress: Progress | None = None) -> None:
        self._known = len(items) if isinstance(items, Sized) else 0
        self._items, self._retries, self._progress = enumerate(items), retries, progress
        self._again: deque[Task] = deque()
        self._taken = self._done = 0
        self._ended = False

    def take(self) -> Task | None:
        """What is next, those first that were lost; None where nothing is left, though a loss may bring something back."""
        if self._again:
            task = self._again.popleft()
        elif (following := next(self._items, None)) is None:
            self._ended = True
            return None
        else:
            task = Task(*following)
            self._taken += 1
        task.attempts += 1
        return task

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left to take."""
        return self._ended and not self._again

    def lost(self, task: Task, why: str) -> Outcome | None:
        """Keep an item for another worker; its outcome if it has been tried often enough."""
        if task.attempts <= self._retries:
            self._again.append(task)
            return None
        times = f", after {task.attempts} attempts" if task.attempts > 1 else ""
        return self.done(task, error=WorkerLost(f"{why}{times}"))

    def done(self, task: Task, value: object = None, error: Exception | None = None) -> Outcome:
        """The outcome of an item, which counts as done."""
        self._done += 1
        if self._progress:
            self._progress(self._done, max(self._known, self._taken))
        return Outcome(task.index, value, error, task.attempts)
