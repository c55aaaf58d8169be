"""A pool of bounded processes, started when they are needed and ended when they have been idle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from core.bounded.process import Limits, Process

Result = TypeVar("Result")

IDLE_SECONDS = 60


class Pool:
    """Processes that work under limits; safe to be used by several threads.

    Parameters
    ----------
    n_workers : int
        At most so many work at the same time; others wait.
    limits : Limits
    """

    def __init__(self, n_workers: int, limits: Limits) -> None:
        self.n_workers, self.limits = n_workers, limits
        self._places, self._lock = threading.BoundedSemaphore(n_workers), threading.Lock()
        self._idle: list[Process] = []
        self._ending: threading.Timer | None = None

    def run(self, function: Callable[..., Result], *args: object) -> Result:
        """Call a function in a bounded process.

        Parameters
        ----------
        function : callable
            Of a module, where it is found by its name; what it takes and returns can be pickled.
        *args

        Returns
        -------
        object

        Raises
        ------
        Exceeded
            If it took too much memory or time, or ended the process.
        Exception
            As the function does.
        """
        with self._process() as process:
            return process.call(function, args)

    def end(self) -> None:
        """End the processes that are idle and give their memory back; new ones start when they are needed."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    @contextmanager
    def _process(self) -> Iterator[Process]:
        """A process that nobody else uses meanwhile."""
        with self._places:
            process = self._idle_one() or Process(self.limits)
            try:
                yield process
            finally:
                if process.is_ready:
                    self._keep(process)

    def _idle_one(self) -> Process | None:
        with self._lock:
            while self._idle:
                if (process := self._idle.pop()).is_ready:
                    return process
        return None

    def _keep(self, process: Process) -> None:
        with self._lock:
            self._idle.append(process)
            if self._ending:
                self._ending.cancel()
            self._ending = threading.Timer(IDLE_SECONDS, self.end)
            self._ending.daemon = True
            self._ending.start()
