"""The process that trains what waits in a queue, one run after another, without Keras: ``python -m core.training.queue.runner MODELS``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from core.errors import InputError
from core.files.locks import is_locked, locked
from core.runs.liveness import process_identity
from core.runs.run import Run
from core.training.queue import order, waiting
from core.training.queue.trainer import claim

LOCK, LOG = "runner.lock", "runner.log"
PROJECT = Path(__file__).parents[3]
POLL_SECONDS = 0.5


def start(models: Path) -> bool:
    """Start a runner of its own for a queue that needs one: it waits, is not paused, and has none. Says whether one was started.

    Parameters
    ----------
    models : Path
        Folder of run directories.

    Returns
    -------
    bool

    Raises
    ------
    InputError
        If the folder of runs cannot be written to.
    """
    folder = models.resolve() / order.FOLDER
    if order.is_paused(models) or is_locked(folder / LOCK):
        return False
    with locked(folder / order.CHANGES), (folder / LOG).open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "core.training.queue.runner", str(models.resolve())],
            cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=dict(os.environ),
        )  # fmt: skip
    return True


def training_command(run: Run) -> list[str]:
    """What trains a run."""
    return [sys.executable, "-m", "core", "train", "--resume", str(run.path.resolve())]


def work(models: Path, command: Callable[[Run], list[str]] = training_command, patience: float = 5.0) -> None:
    """Train what waits until nothing does or the queue is paused; at once if another runner does already.

    Parameters
    ----------
    models : Path
        Folder of runs.
    command : callable of Run
        Gives the command that trains a run.
    patience : float
        Seconds to wait for another runner.
    """
    while waiting.waiting_in(models) and not order.is_paused(models):  # asked again after the lock is given up: one may have come since
        with locked(models / order.FOLDER / LOCK, patience) as mine:
            if not mine:
                return
            _drain(models, command)


def _drain(models: Path, command: Callable[[Run], list[str]]) -> None:
    while not order.is_paused(models) and waiting.waiting_in(models):
        if waiting.busy_in(models):  # the training of a runner that died, or one from a command line
            time.sleep(POLL_SECONDS)
        elif started := _launch_next(models, command):
            _reap(*started)


def _launch_next(models: Path, command: Callable[[Run], list[str]]) -> tuple[subprocess.Popen, Run] | None:
    """Start the training whose turn it is; nobody moves or removes it meanwhile."""
    with order.changing(models) as names:
        run = next(iter(waiting.waiting_in(models)), None)
        if run is None:
            return None
        with run.log_path.open("ab") as log:
            process = subprocess.Popen(
                command(run), cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        with suppress(psutil.Error), claim(run) as mine:  # it may have ended by now
            if mine and waiting.is_waiting(run):  # and said more itself
                run.write_status("queued", **{waiting.WAITING: True}, **process_identity(process.pid))
        names[:] = [name for name in names if name != run.name]
        return process, run


def _reap(process: subprocess.Popen, run: Run) -> None:
    """Wait for a training to end, and say why where it could not say so itself."""
    code = process.wait()
    if not run.path.exists():
        return
    with suppress(InputError), claim(run) as mine:
        if not mine:  # another process trains it already
            return
        if run.state in ("queued", "failed") and code == -signal.SIGTERM:
            run.write_status("stopped", reason="asked to stop before the first step", epoch=len(run.history))
        elif run.state == "queued":
            run.write_status("failed", reason="the training process ended before it began; its log says more")


if __name__ == "__main__":
    work(Path(sys.argv[1]))
