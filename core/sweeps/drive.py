"""Work through a sweep: which trainings it has, who works at them, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from joblib import cpu_count

from core.datasets import Dataset
from core.parallel import Progress
from core.runs.store import models_dir
from core.sweeps.board import Record, board_of
from core.sweeps.cells import Cell, all_cells, check_drawn, count_of
from core.sweeps.driver import Driver
from core.sweeps.preparing import Preparing
from core.sweeps.search import check_ranges
from core.sweeps.spec import Spec
from core.workers import LOCAL, open_workers
from core.workers.interruption import interrupted


class Share(NamedTuple):
    """What each training has for itself, and how many are at work together; None for what the machines suggest."""

    size: int | None = None
    cpus: int | None = None
    gpus: int = 0


def sweep(
    spec: Spec,
    dataset: Dataset,
    data: str,
    models: str | Path | None = None,
    on: str = LOCAL,
    share: Share | None = None,
    progress: Progress | None = None,
    say: Callable[[Cell], None] = lambda cell: None,
    cells: list[Cell] | None = None,
) -> Record:
    """Train what is missing of a sweep. Ctrl-C, SIGTERM or a word on its board stop all; each keeps its best model.

    Its board is there once there are workers for it: a sweep that nobody can work at is none.

    Parameters
    ----------
    spec : Spec
    dataset : Dataset
    data : str
        Where it lies, on every machine.
    models : str or Path, optional
        Folder of runs; one that all machines see, so that a training goes on from its checkpoint where its machine is lost.
    on : str
        As of `core.workers.open_workers`.
    share : Share, optional
    progress : callable of (int, int), optional
        Called with the number of trainings done and of all.
    say : callable of Cell, optional
        Called with each training that has ended.
    cells : list of Cell, optional
        The trainings, named one by one; all combinations of `spec`, or those that are drawn by it, if None.

    Returns
    -------
    Record

    Raises
    ------
    InputError
        If a setting is not valid, another process works at a sweep of this name, or the workers cannot be had.
    KeyboardInterrupt
        After Ctrl-C or SIGTERM, when all have stopped and the board says how far each is.
    """
    if cells is None:
        cells = _named(spec)
    folder, share = models_dir(models), share or Share()
    opened = open_workers(on, share.size)
    board = board_of(folder, spec.name)
    total = len(cells) if not spec.is_drawn else count_of(spec)
    with board.driving():
        record = board.begin(spec, data, dataset.fingerprint, on, total, cells)
        with opened as workers, interrupted():
            driver = Driver(board, record, Preparing(dataset, data, folder, spec.limit), progress, say)
            try:
                driver.work(workers, share.cpus or (cpu_count() if on == LOCAL and not share.gpus else 1), share.gpus)
            finally:
                driver.end()
    return record


def _named(spec: Spec) -> list[Cell]:
    """The trainings that are known before any begins, all settings checked; none where values are drawn."""
    check_ranges(spec)
    if not spec.is_drawn:
        return all_cells(spec)
    check_drawn(spec)
    return []
