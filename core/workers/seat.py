"""One worker of this machine, from the side of whoever gives it items; its process is started when there is an item for it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from core.workers.items import Task
from core.workers.process import STARTED

ROOT = Path(__file__).parents[2]
GRACE_SECONDS = 30.0  # for what is interrupted to tidy up: a training writes its state
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
LOST = "lost"


class Seat:
    """A process of `core.workers.process`, started anew where it died.

    Parameters
    ----------
    function, start : callable
        As of `core.workers.Workers.map`.
    cpus : int
        Threads that its libraries may use.
    devices : str, optional
        GPUs that it sees; those of this process if None.
    """

    def __init__(self, function: Callable, start: Callable | None, cpus: int, devices: str | None = None) -> None:
        self._work, self._environment = (function, start), environment(cpus, devices)
        self._process: subprocess.Popen | None = None
        self._started = False
        self.connection: Connection | None = None
        self.task: Task | None = None

    def give(self, task: Task) -> None:
        """Let it work on an item."""
        self.task = task
        if self._process is None:
            self._launch()
        elif self._started:
            self._tell(task.item)

    def answer(self) -> tuple[str, Any] | None:
        """What it says, once its connection is ready: how the item at work ended; None if it has only started now.

        Raises
        ------
        Exception
            What `start` raised.
        """
        assert self.connection and self.task
        try:
            how, what = self.connection.recv()
        except (EOFError, OSError):
            return LOST, self._bury()
        if not self._started:
            if how != STARTED:
                raise what
            self._started = True
            self._tell(self.task.item)
            return None
        return how, what

    def interrupt(self) -> None:
        """Ask it to end, at once if it is idle."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def end(self, deadline: float) -> None:
        """See it end, by force after a time of `time.monotonic`."""
        if self._process and self.connection:
            try:
                self._process.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                self._process.kill()
            self._bury()

    def _launch(self) -> None:
        here, there = socket.socketpair()
        self.connection = Connection(here.detach())
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "core.workers.process", str(there.fileno())],
                pass_fds=[there.fileno()], env=self._environment, stdin=subprocess.DEVNULL, stdout=2, start_new_session=True,
            )  # fmt: skip
        self._tell(self._work)

    def _tell(self, what: object) -> None:
        assert self.connection
        try:
            self.connection.send(what)
        except OSError:  # it is dead, which its connection says too
            return

    def _bury(self) -> str:
        """Why it died; what comes next is given to a new process."""
        assert self._process and self.connection
        self.connection.close()
        code = self._process.wait()
        self._process, self.connection, self._started = None, None, False
        return f"Its worker was ended by {signal.Signals(-code).name}" if code < 0 else f"Its worker ended with exit code {code}"


def end_all(seats: Sequence[Seat]) -> None:
    """Interrupt what is at work, and end all within `GRACE_SECONDS`."""
    for seat in seats:
        seat.interrupt()
    deadline = time.monotonic() + GRACE_SECONDS
    for seat in seats:
        seat.end(deadline)


def environment(cpus: int, devices: str | None = None) -> dict[str, str]:
    """The environment of a worker: this one's, so many threads, this project first where modules are looked for."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    shown = {} if devices is None else {"CUDA_VISIBLE_DEVICES": devices}
    return os.environ | dict.fromkeys(THREADS, str(cpus)) | {"PYTHONPATH": path} | shown
