"""Processes that do long work beside a server: with progress, a way to stop, and the lowest claim to a processor.

Work in threads of the server would share Python's one lock and TensorFlow's one pool of threads with the pages of everybody.
"""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from core.bounded.answers import read_answer
from core.bounded.helping import DONE, GO_ON, LET_GO, STEP
from core.bounded.process import import_from_here
from core.errors import InputError

Result = TypeVar("Result")
Progress = Callable[[int, int], None]

NICENESS = 19  # leaves a processor to whoever wants it
LOOK_AGAIN = 0.5  # seconds between two looks at whether somebody still waits for the work
LETS_GO = 30.0  # seconds in which a process that nobody waits for has to come to its next step, loading a model included; then it is killed
STUCK = 600.0  # seconds without a step, after which it is killed
IDLE_SECONDS = 300  # with TensorFlow and models loaded; then their memory is given back


class HelperEnded(InputError):
    """The process that did the work ended, or had to be ended; the next work gets a fresh one."""


class Helpers:
    """Processes that are started when they are needed and ended when they have been idle; safe to be used by several threads.

    How much is at work at once is for whoever calls to bound.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Helper] = []
        self._ending: threading.Timer | None = None

    def run(self, function: Callable[..., Result], *args: object, progress: Progress) -> Result:
        """Call a function in a process apart.

        Parameters
        ----------
        function : callable
            Of a module, where it is found by its name. It gets a progress as its last argument; what it returns is of the kinds that
            `core.bounded.answers` knows.
        *args
        progress : callable of (int, int)
            Called after each step, which goes on once it returns, and every half second between two. What it raises ends the work.

        Returns
        -------
        object

        Raises
        ------
        HelperEnded
            If the process cannot be started, ended by itself, or had to be ended because nothing came of it.
        Exception
            As the function and `progress` do.
        """
        helper = self._free_one(progress)
        try:
            return helper.call(function, args, progress)
        finally:
            self._keep(helper)

    def end(self) -> None:
        """End the processes that are idle and give their memory back; new ones start when they are needed."""
        with self._lock:
            idle, self._idle = self._idle, []
        for helper in idle:
            helper.end()

    def _free_one(self, progress: Progress) -> Helper:
        """The one that was used last, whose models are loaded; a new one if there is none."""
        while helper := self._idle_one():
            try:
                while not helper.is_free.wait(LOOK_AGAIN):
                    progress(0, 1)
            except BaseException:
                self._keep(helper)
                raise
            if helper.lives():
                return helper
            helper.end()
        return Helper()

    def _idle_one(self) -> Helper | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _keep(self, helper: Helper) -> None:
        with self._lock:
            if helper.lives():
                self._idle.append(helper)
            if self._ending:
                self._ending.cancel()
            self._ending = threading.Timer(IDLE_SECONDS, self.end)
            self._ending.daemon = True
            self._ending.start()


class Helper:
    """One process of `core.bounded.helping`."""

    def __init__(self) -> None:
        here, there = socket.socketpair()
        self._connection, self.is_free = Connection(here.detach()), threading.Event()
        self.is_free.set()  # else it is busy with work that nobody waits for any more
        with there:
            command = [sys.executable, "-c", "from core.bounded.helping import main; main()", str(there.fileno()), str(NICENESS)]
            try:  # in the session of the server: elsewhere Linux would weigh the two as groups, and niceness would say nothing
                self._process = subprocess.Popen(command, pass_fds=[there.fileno()], env=import_from_here(), stdin=subprocess.DEVNULL)
            except OSError as error:
                raise HelperEnded(f"No process can be started for this ({error.strerror}); try again later.") from None

    def lives(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def call(self, function: Callable[..., Result], args: tuple, progress: Progress) -> Result:
        """As `Helpers.run`."""
        try:
            self._connection.send_bytes(pickle.dumps((function, args), protocol=pickle.HIGHEST_PROTOCOL))
            how, answer = self._followed(progress)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
            raise HelperEnded("The process that computed this ended, perhaps for want of memory; try again.") from None
        if how == DONE:
            return answer
        raise answer

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def _followed(self, progress: Progress) -> tuple[str, Any]:
        """Its answer, with each step told."""
        done, total, since = 0, 1, time.monotonic()
        while True:
            came = self._connection.poll(LOOK_AGAIN)
            how, what = self._read() if came else (STEP, (done, total))
            if how != STEP:
                return how, what
            since = time.monotonic() if came else since
            if time.monotonic() - since > STUCK:
                self.end()
                raise HelperEnded(f"Nothing came of this in {STUCK / 60:.0f} minutes, so it was ended; try again.")
            done, total = what
            self._tell(progress, done, total, waits=came)

    def _tell(self, progress: Progress, done: int, total: int, waits: bool) -> None:
        """Tell of a step; `waits` if the process stands still until it is told to go on."""
        try:
            progress(done, total)
        except BaseException:  # nobody waits for it: a click, or a tab that was closed
            self.is_free.clear()
            threading.Thread(target=self._take_leave, args=(waits,), daemon=True).start()
            raise
        if waits:
            self._connection.send_bytes(GO_ON)

    def _take_leave(self, waits: bool) -> None:
        """Have it let go at its next step, if that comes soon; else it is killed."""
        try:
            if waits or self._soon()[0] == STEP:
                self._connection.send_bytes(LET_GO)
                self._soon()
        except (EOFError, OSError, pickle.UnpicklingError):
            self.end()
        finally:
            self.is_free.set()

    def _soon(self) -> tuple[str, Any]:
        if not self._connection.poll(LETS_GO):
            raise TimeoutError
        return self._read()

    def _read(self) -> tuple[str, Any]:
        return read_answer(self._connection.recv_bytes())  # type: ignore[return-value]
