"""A run trained by a worker, which may live on another machine: in a process of its own, by the same ``python -m core train``."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from core.errors import InputError
from core.files import cache_dir
from core.files.regular import tail_of
from core.runs.run import Run
from core.training.queue.trainer import claim

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 25.0  # for a training to end its step and say that it was stopped; less than workers are given
SPENT = "the machine that trained it was lost"
ERROR = re.compile(r"^error: (.*)$", re.MULTILINE)


class Order(NamedTuple):
    """What a worker is asked to train.

    Attributes
    ----------
    run : str
        Path of the run directory, made by whoever asks.
    data : str
        Where the images lie, on every machine.
    packed : bytes
        The directory as it was, for a machine that does not see it.
    cpus : int
        Threads that it may use.
    stop : str
        A file; once it is there, the training is to stop.
    """

    run: str
    data: str
    packed: bytes
    cpus: int = 1
    stop: str = ""


class Trained(NamedTuple):
    """What became of it: its state, why it failed, and its directory, if whoever asked does not see it."""

    state: str
    reason: str = ""
    packed: bytes = b""


def train_elsewhere(order: Order) -> Trained:
    """Train a run, or go on from its checkpoint. Interrupted, it stops the training, which keeps its best model.

    Parameters
    ----------
    order : Order

    Returns
    -------
    Trained
    """
    asked = Path(order.run)
    is_shared = asked.exists()
    run = Run(asked if is_shared else _unpacked(order))
    _take_over(run)
    if run.state != "finished":  # its worker may have died between that and its answer
        _train(run, order)
    state, reason = run.state, run.status.reason or ""
    if is_shared:
        return Trained(state, reason)
    packed = pack(run.path)
    shutil.rmtree(run.path, ignore_errors=True)
    return Trained(state, reason, packed)


def pack(path: Path) -> bytes:
    """A run directory as one compressed piece: its folders and files, no links to elsewhere and no pipes, for it may be anybody's.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bytes
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive:
        for entry in path.rglob("*"):
            if not entry.is_symlink() and (entry.is_file() or entry.is_dir()):
                archive.write(entry, entry.relative_to(path.parent))
    return out.getvalue()


def unpack(packed: bytes, path: Path) -> None:
    """Put a run directory in its place, from `pack`, whatever lies there.

    Parameters
    ----------
    packed : bytes
    path : Path
        Its last part is the name that it had.
    """
    folder = path.parent / f".{path.name}.coming"
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)  # no name leads out of it and nothing becomes a link; of tar this is so from Python 3.11.4 on alone
    shutil.rmtree(path, ignore_errors=True)
    (folder / path.name).replace(path)
    shutil.rmtree(folder, ignore_errors=True)


def _unpacked(order: Order) -> Path:
    """The run in a folder of this machine; what an earlier attempt left there is gone on with."""
    path = cache_dir("trained-elsewhere") / Path(order.run).name
    if not path.exists():
        unpack(order.packed, path)
    return path


def _take_over(run: Run) -> None:
    """Free a run whose trainer was lost with its machine, of which only silence would tell after minutes."""
    with claim(run) as mine:
        if mine and run.state == "running":
            run.write_status("stopped", reason=SPENT, epoch=len(run.history))


def _train(run: Run, order: Order) -> None:
    command = [sys.executable, "-m", "core", "train", "--resume", str(run.path.resolve()), "--data", order.data]
    tied = [sys.executable, "-m", "core.training.processes.tied", str(os.getpid()), *command]
    threads = {"OMP_NUM_THREADS": str(order.cpus), "TF_NUM_INTRAOP_THREADS": str(order.cpus)}
    with run.log_path.open("ab") as log:
        process = subprocess.Popen(tied, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | threads)
    try:
        _wait(process, order)
    finally:
        _stop(process)
    if run.state == "queued":  # it ended before it could say anything
        said = ERROR.findall(tail_of(run.log_path, 4000).decode(errors="replace"))
        run.write_status("failed", reason=(said or ["the training process ended before it began; its log says more"])[-1])


def _wait(process: subprocess.Popen, order: Order) -> None:
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL_SECONDS)
        if order.stop and Path(order.stop).exists():
            return


def _stop(process: subprocess.Popen) -> None:
    """End a training after the step at work, or by force."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def settle(run: Run, trained: Trained) -> None:
    """Bring home what another machine trained.

    Parameters
    ----------
    run : Run
    trained : Trained

    Raises
    ------
    InputError
        If the folder of runs cannot be written to.
    """
    if trained.packed:
        try:
            unpack(trained.packed, run.path)
        except (OSError, zipfile.BadZipFile, zlib.error) as error:
            raise InputError(f"The run {run.name!r} came back and cannot be written ({error}).") from None
