"""One process that works under limits, from the side of whoever gives it work."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar, cast

import psutil

from core.bounded.answers import read_answer
from core.bounded.worker import DONE, NO_MEMORY
from core.errors import InputError
from core.text import one_line

Result = TypeVar("Result")

ROOT = Path(__file__).parents[2]
PATIENCE = 8  # times its seconds of processor time that a task may stand still
MOST_PATIENCE = 240  # times these seconds, however busy the machine is
MOST_SAID = 200  # characters
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # each would set memory aside


class Exceeded(InputError):
    """Work that took more than it may; the message is what it did, such as ``it takes more than 3 seconds``."""


class Strange(Exceeded):
    """An answer that no process of ours would give; the message says why it was not taken."""


@dataclass(frozen=True)
class Limits:
    """What a process may take.

    Attributes
    ----------
    memory : int
        Bytes of its own data.
    seconds : float
        Of processor time, for one task, unless the task gives itself more by `core.bounded.clock.give`.
    """

    memory: int
    seconds: float


class Process:
    """A process of `core.bounded.worker`.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        here, there = socket.socketpair()
        self._limits, self._connection, self._is_idle = limits, Connection(here.detach()), True
        with there:
            arguments = [str(there.fileno()), str(limits.memory), str(limits.seconds)]
            self._process = subprocess.Popen(
                [sys.executable, "-m", "core.bounded.worker", *arguments], pass_fds=[there.fileno()], env=import_from_here() | ONE_THREAD,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    @property
    def is_ready(self) -> bool:
        """Whether it lives and waits for work."""
        return self._is_idle and self._process.poll() is None

    def call(self, function: Callable[..., Result], args: tuple) -> Result:
        """Call a function there, as `core.bounded.pool.Pool.run` says; the process is of no more use if it exceeds or is interrupted."""
        self._is_idle = False
        try:
            how, answer = self._asked(pickle.dumps((function, args), protocol=pickle.HIGHEST_PROTOCOL))
        except BaseException:
            self.end()
            raise
        self._is_idle = True
        if how == DONE:
            return answer
        raise Exceeded(self._too_much_memory()) if how == NO_MEMORY else answer

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def _asked(self, task: bytes) -> tuple[str, Any]:
        try:
            self._connection.send_bytes(task)
            self._await()
            return cast(tuple[str, Any], read_answer(self._connection.recv_bytes(), self._pixels()))
        except Exceeded:
            raise
        except (EOFError, OSError):
            raise Exceeded(self._why_it_ended()) from None
        except Exception as error:  # nothing that a process of ours would say
            why = one_line(f"{type(error).__name__}: {error}", MOST_SAID)
            raise Strange(f"it makes the program that opens it answer strangely ({why})") from None

    def _await(self) -> None:
        """Wait for the answer, longer if the process has work to do and gets no processor for it; its own limit ends what computes on."""
        waited = 0
        while not self._connection.poll(PATIENCE * self._limits.seconds):
            waited += PATIENCE
            if waited >= MOST_PATIENCE or not self._has_work():
                raise Exceeded(self._too_long())

    def _has_work(self) -> bool:
        """Whether it computes, reads, or waits for a processor, rather than for something that does not come."""
        try:
            return psutil.Process(self._process.pid).status() in (psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP)
        except psutil.Error:  # it ended at this moment, which the connection tells
            return True

    def _pixels(self) -> list[bytearray]:
        """What the arrays of an answer hold, read straight to where it stays."""
        lengths = [length for (length,) in struct.iter_unpack("<Q", self._connection.recv_bytes())]
        if sum(lengths) > self._limits.memory:
            raise Exceeded(self._too_much_memory())
        held = [bytearray(length) for length in lengths]
        for one in held:
            left = memoryview(one)
            while left:
                if not (n_read := os.readv(self._connection.fileno(), [left])):
                    raise EOFError
                left = left[n_read:]
        return held

    def _why_it_ended(self) -> str:
        ended = -self._process.wait()
        if ended == signal.SIGPROF:
            return self._too_long()
        return self._too_much_memory() if ended in (signal.SIGKILL, signal.SIGABRT) else "it ends the program that opens it"

    def _too_much_memory(self) -> str:
        return f"it takes more than {self._limits.memory / 10**6:,.0f} MB of memory"

    def _too_long(self) -> str:
        return f"it takes more than {self._limits.seconds:g} seconds"


def import_from_here() -> dict[str, str]:
    """The environment of a process that imports this project, wherever it is started."""
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])}
