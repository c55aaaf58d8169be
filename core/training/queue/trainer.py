"""The process that trains a run: it alone may, it alone says how far it is, and it is known for sure before it is sent a signal.

Who trains a run, or changes its state without training it, holds a lock beside it, in the folder of runs and not in the run's own, so
that a folder that comes from elsewhere carries none, and whatever its ``status.json`` says names no process here.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from core.errors import InputError
from core.files.locks import is_locked, locked
from core.runs.liveness import is_alive
from core.runs.run import LIVE_STATES, Run

LOCKS = ".queue/trained"
BRIEFLY, AT_MOST = 0.2, 1.0  # seconds to wait for the lock: for one that only asks whether it is held; for one that changes a state


@contextmanager
def claim(run: Run, patience: float = BRIEFLY) -> Iterator[bool]:
    """Hold the lock of a run inside the block, if no other process has it: no state is changed by one that does not.

    Parameters
    ----------
    run : Run
    patience : float
        Seconds to wait for whoever holds it.

    Yields
    ------
    bool
        Whether it could be had; a process that trains the run has it as long as it does.

    Raises
    ------
    InputError
        If the folder of runs cannot be written to.
    """
    with locked(_lock(run), patience) as mine:
        yield mine


@contextmanager
def claimed(run: Run) -> Iterator[None]:
    """Be the one process that trains a run inside the block.

    Parameters
    ----------
    run : Run

    Raises
    ------
    InputError
        If another process trains it, or the folder of runs cannot be written to.
    """
    with claim(run, AT_MOST) as mine:
        if not mine:
            raise InputError(f"The run {run.name!r} is being trained by another process; wait for it, or stop it first.")
        yield


def is_claimed(run: Run) -> bool:
    """Whether a process of this machine trains a run now."""
    return is_locked(_lock(run))


def process_of(run: Run) -> psutil.Process | None:
    """The process of this machine that trains a run, or is about to; None if it cannot be told for sure.

    Its number, its start and its command must be those of a training of this very run: numbers are given anew, and anything may stand
    in a file.

    Parameters
    ----------
    run : Run

    Returns
    -------
    psutil.Process or None
    """
    status = run.status
    if status.state not in LIVE_STATES or status.host != platform.node() or not is_alive(status):
        return None
    try:
        process = psutil.Process(status.pid)
        command = process.cmdline()
    except (psutil.Error, TypeError, ValueError):
        return None
    if process.pid == os.getpid() or not _trains(command, run):
        return None
    return process if is_claimed(run) or status.state == "queued" else None


def _trains(command: Sequence[str], run: Run) -> bool:
    """Whether a command is ``python -m core train``: of this run by its path or name, or of a new one that has claimed this."""
    words = [command[place + 2 :] for place in range(len(command)) if list(command[place : place + 3]) == ["-m", "core", "train"]]
    if not words:
        return False
    given = [value for before, value in zip(words[0], words[0][1:], strict=False) if before == "--resume"]
    return any(value == run.name or Path(value).resolve() == run.path.resolve() for value in given) or (not given and is_claimed(run))


def _lock(run: Run) -> Path:
    path = run.path.resolve()
    return path.parent / LOCKS / f"{path.name}.lock"
