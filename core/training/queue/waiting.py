"""Trainings that wait their turn: which, in which order, and whether the queue is paused. `runner` beside it trains them, one at a time.

A run waits if its own ``status.json`` says so; ``.queue/order.json`` in the folder of runs gives the order. So the queue is the same for
every tab, outlives the dashboard, and loses no run if the order is lost.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from core.errors import InputError
from core.files import write_json
from core.files.paths import typed_path
from core.runs.liveness import is_alive, silence
from core.runs.run import DATA, LIVE_STATES, Run
from core.runs.status import Status
from core.training.queue.order import changing, order_of
from core.training.queue.trainer import claim

WAITING = "waiting"  # a field of a status: the run takes its turn, so that its silence is no sign of death
EXPECTED = "expected_seconds"
LOADING_SECONDS = 120  # a command line that made a run needs some seconds to load Keras before it says more


def is_waiting(run: Run) -> bool:
    """Whether a run waits its turn: no process has been started for it, or the one that was is gone before it began.

    Parameters
    ----------
    run : Run

    Returns
    -------
    bool
    """
    status = run.status
    return status.state == "queued" and bool(status.waiting) and not _has_process(status)


def is_busy(run: Run) -> bool:
    """Whether a run is trained on this machine now, or about to be.

    Parameters
    ----------
    run : Run

    Returns
    -------
    bool
    """
    status = run.status
    if status.state == "running":
        return status.host == platform.node()
    if status.state != "queued":
        return False
    young = status.pid is None and not status.waiting and silence(status) < LOADING_SECONDS
    return _has_process(status) or young


def waiting(runs: Iterable[Run], models: Path) -> list[Run]:
    """Those of some runs that wait, the next one first; runs of which the order knows nothing come last, by age.

    Parameters
    ----------
    runs : iterable of Run
    models : Path
        Folder of run directories.

    Returns
    -------
    list of Run
    """
    order = {name: place for place, name in enumerate(order_of(models))}
    found = [run for run in runs if _safely(is_waiting, run)]
    return sorted(found, key=lambda run: (order.get(run.name, len(order)), run.config.created, run.name))


def waiting_in(models: Path) -> list[Run]:
    """The same of all runs of a folder.

    Parameters
    ----------
    models : Path
        Folder of run directories.

    Returns
    -------
    list of Run
    """
    return waiting(_runs(models), models)


def busy_in(models: Path) -> bool:
    """Whether any run of a folder is trained on this machine now.

    Parameters
    ----------
    models : Path
        Folder of run directories.

    Returns
    -------
    bool
    """
    return any(_safely(is_busy, run) for run in _runs(models))


def add(runs: Sequence[Run], data: str | None = None, seconds: float | None = None) -> None:
    """Let runs of one folder wait at the end of its queue.

    Parameters
    ----------
    runs : sequence of Run
        New, stopped or failed ones.
    data : str, optional
        Where the images lie, for a run that does not know.
    seconds : float, optional
        How long each is expected to take; kept to be shown.

    Raises
    ------
    InputError
        If the folder of runs cannot be written to, or a run is trained already.
    """
    for run in runs:
        with changing(run.path.parent) as order, claim(run) as mine:
            if is_waiting(run):  # another tab was faster
                continue
            if not mine or run.state not in ("queued", "stopped", "failed") or _has_process(run.status):
                said = "running" if not mine or run.state in LIVE_STATES else run.state
                raise InputError(f"The run {run.name!r} is {said}; only a new, stopped or failed run can wait to be trained.")
            if data and not run.data_path:
                write_json(run.path / DATA, {"data": str(typed_path(data).resolve())})
            run.write_status("queued", **{WAITING: True, EXPECTED: seconds})
            order[:] = [*(name for name in order if name != run.name), run.name]


def remove(run: Run) -> None:
    """Take a run out of the queue: one that was never trained is deleted, another is stopped again. Does nothing once it is trained.

    Parameters
    ----------
    run : Run
    """
    with changing(run.path.parent) as order, claim(run) as mine:
        if not mine or not _safely(is_waiting, run):
            return
        order[:] = [name for name in order if name != run.name]
        if len(run.history):
            run.write_status("stopped", reason="taken out of the queue", epoch=len(run.history))
        else:
            shutil.rmtree(run.path, ignore_errors=True)


def move(run: Run, steps: int) -> None:
    """Let a run take its turn so many places later, or earlier if negative.

    Parameters
    ----------
    run : Run
    steps : int
    """
    with changing(run.path.parent) as order:
        names = [other.name for other in waiting_in(run.path.parent)]
        if run.name not in names:
            return
        place = names.index(run.name)
        names.insert(min(max(place + steps, 0), len(names) - 1), names.pop(place))
        order[:] = names


def _runs(models: Path) -> list[Run]:
    """All that may be a run; no Keras and few files are read, as it is asked every second."""
    with suppress(OSError):
        return [Run(path) for path in models.iterdir() if (path / "status.json").exists()]
    return []


def _safely(question: Callable[[Run], bool], run: Run) -> bool:
    try:
        return question(run)
    except InputError:  # half-written or broken: it waits for nothing
        return False


def _has_process(status: Status) -> bool:
    return status.pid is not None and is_alive(status)
