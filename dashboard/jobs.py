"""Start, follow and stop trainings: processes of their own that survive a page reload and the dashboard's end, one at a time."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from core.config import RunConfig
from core.errors import InputError
from core.files import write_json
from core.files.regular import tail_of
from core.runs.identity import write_about
from core.runs.reading import json_of
from core.runs.run import DATA, LIVE_STATES, Run
from core.runs.store import create_run, models_dir
from core.training.queue import runner as queue_runner
from core.training.queue import waiting as queue
from core.training.queue.trainer import process_of
from dashboard import shared_mode
from dashboard.once import look_again

OWNER = "owner"  # beside the place of the images, while the run is not finished
AGAIN_SECONDS = 10.0  # a runner needs a second or two before it can be seen
CHATTER = re.compile(r"^([IW]\d{4} .*|WARNING: All log messages before absl::InitializeLog.*)$")  # what TensorFlow says to nobody

_started = 0.0


def start(config: RunConfig, data: str, name: str = "", note: str = "", seconds: float | None = None) -> Run:
    """Make a run and let it wait its turn, which comes at once if nothing is trained.

    Parameters
    ----------
    config : RunConfig
    data : str
        Where the images lie.
    name, note : str
        What is written beside it.
    seconds : float, optional
        How long it is expected to take.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If the folder of runs cannot be written to, or the name or the note is too long.
    """
    shared_mode.require_data(data)
    shared_mode.require_room_in_queue(len(queue.waiting_in(models_dir())))
    run = create_run(config, data)
    if shared_mode.is_shared():
        write_json(run.path / DATA, {"data": run.data_path, OWNER: shared_mode.visitor()})
    if name.strip() or note.strip():
        write_about(run, name=name, note=note)
    launch(run, seconds=seconds)
    return run


def launch(run: Run, data: str | None = None, seconds: float | None = None) -> None:
    """Let a new, stopped or failed run wait its turn; its output goes to the run's log.

    Parameters
    ----------
    run : Run
    data : str, optional
        Where the images lie, if the run does not know.
    seconds : float, optional
        How long it is expected to take.
    """
    if data:
        shared_mode.require_data(data)
    queue.add([run], data, seconds)
    look_again()
    keep_going(run.path.parent)


def keep_going(models: Path | None = None) -> None:
    """Start a process that works through the queue if none does, as after the machine went down. Call where something waits."""
    global _started
    if time.monotonic() - _started > AGAIN_SECONDS or not _started:
        _started = time.monotonic() if queue_runner.start(models or models_dir()) else 0.0


def waiting(runs: Iterable[Run]) -> list[Run]:
    """Those of some runs that wait their turn, the next one first."""
    return queue.waiting(runs, models_dir())


def is_live(run: Run) -> bool:
    """Whether a run is being trained or loaded, here or elsewhere; not while it waits its turn."""
    return run.state in LIVE_STATES and not queue.is_waiting(run) and not is_idle(run)


def is_idle(run: Run) -> bool:
    """Whether a run is queued and nobody will train it, as when its command line died: it can be launched."""
    status = run.status
    if status.state != "queued" or status.waiting:
        return False
    return not queue.is_busy(run)


def stop(run: Run) -> bool:
    """Ask a training to stop; it keeps its best model.

    Returns
    -------
    bool
        False if its process is not known for sure, as on another machine or in a folder that came from one: then none is asked.
    """
    process = process_of(run) if may_stop(run) else None
    if process is None or not process.is_running():
        return False
    with suppress(ProcessLookupError):  # it ended meanwhile
        os.kill(process.pid, signal.SIGTERM)
    return True


def may_stop(run: Run) -> bool:
    """Whether this visitor may stop, move or remove a training; in shared mode their own alone."""
    if not shared_mode.is_shared():
        return True
    try:
        owner = json_of(run.path, DATA).get(OWNER)
    except InputError:  # begun before, or from a command line
        owner = None
    return shared_mode.may_stop(owner)


def log_tail(run: Run, n_lines: int = 20) -> str:
    """The last lines that the training printed; progress bars are reduced to their last state, and TensorFlow's own remarks left out."""
    try:
        text = tail_of(run.log_path, 40_000).decode("utf-8", errors="replace")
    except OSError:
        return ""
    lines = [line.rstrip().rsplit("\r", 1)[-1] for line in text.split("\n") if line.strip()]
    return "\n".join([line for line in lines if not CHATTER.match(line)][-n_lines:])
