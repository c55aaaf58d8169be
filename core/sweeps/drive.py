"""Work through a sweep: hand its trainings to workers, follow them, end those that fall behind, and keep its state in its file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from joblib import cpu_count

from core.datasets import Dataset
from core.errors import InputError
from core.parallel import Progress
from core.runs.run import Run
from core.runs.store import models_dir
from core.sweeps.board import Board, Record, board_of
from core.sweeps.cells import SETTLED, Cell, State, all_cells, check_drawn, count_of, groups_of, waves
from core.sweeps.metric import best_of
from core.sweeps.preparing import Preparing
from core.sweeps.search import Search, check_ranges
from core.sweeps.spec import Spec
from core.training.elsewhere import settle, train_elsewhere
from core.workers import LOCAL, Outcome, Workers, open_workers
from core.workers.interruption import interrupted

TICK_SECONDS = 1.0
RETRIES = 3  # machines that one training may lose


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
            board.write(record)  # not before there are workers: a sweep that nobody can work at is none
            driver = _Driver(board, record, Preparing(dataset, data, folder, spec.limit), progress, say)
            try:
                driver.work(workers, share._replace(cpus=share.cpus or (cpu_count() if on == LOCAL and not share.gpus else 1)))
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


class _Driver:
    """One process's work at a sweep."""

    def __init__(self, board: Board, record: Record, preparing: Preparing, progress: Progress | None, say: Callable[[Cell], None]) -> None:
        self.board, self.record, self.preparing = board, record, preparing
        self.search = Search(board.path, record.spec) if record.spec.needs_search else None
        self._progress, self._say = progress, say
        self._given: list[Cell] = []  # in the order in which workers were given them
        self._ticked = 0.0

    def work(self, workers: Workers, share: Share) -> None:
        cpus = share.cpus or 1
        for cells in self._lots():
            self._given = []
            orders = self._orders(cells, cpus)
            outcomes = workers.map(train_elsewhere, orders, cpus=cpus, gpus=share.gpus, retries=RETRIES, cancelled=self._tick)
            with suppress(KeyboardInterrupt):
                for outcome in outcomes:
                    self._settle(self._given[outcome.index], outcome)
                if not self.board.stop_asked:
                    continue
            return

    def end(self) -> None:
        """Put down how far everything is."""
        for cell in self.record.cells:
            if cell.state == "training":
                self._follow(cell)
                cell.state = "stopped"
        self.board.write(self.record)

    def _lots(self) -> Iterator[Iterable[Cell]]:
        """What can be trained together."""
        if not self.record.spec.is_drawn:
            yield from waves(self.record.cells)
            return
        for lot in waves([Cell(system=g.system, n_classes=g.n_classes, seed=g.seed) for g in groups_of(self.record.spec)]):
            yield self._drawn(lot)

    def _drawn(self, lot: Sequence[Cell]) -> Iterator[Cell]:
        """Trainings of some groups, first those that were drawn before, then new ones as they are asked for."""
        assert self.search
        groups = [cell.group for cell in lot]
        for turn in range(self.record.spec.trials or 0):
            for group in groups:
                mine = [cell for cell in self.record.cells if cell.group == group]
                if turn >= len(mine):
                    mine.append(self.search.draw(group))
                    self.record.cells.append(mine[-1])
                yield mine[turn]

    def _orders(self, cells: Iterable[Cell], cpus: int) -> Iterator:
        for cell in cells:
            if cell.state in SETTLED:
                continue
            if self.search and cell.trial is None:
                self.search.enter(cell)
            if self.preparing.is_found(cell):
                self._ended(cell, "found")
                continue
            try:
                run = self.preparing.run_of(cell)
            except InputError as error:
                self._ended(cell, "failed", str(error))
                continue
            cell.state, cell.reason = "training", ""
            self._given.append(cell)
            self.board.write(self.record)
            yield self.preparing.order(run, cpus, self.board.stop_file(run.name))

    def _settle(self, cell: Cell, outcome: Outcome) -> None:
        cell.attempts += outcome.attempts
        if outcome.error:
            return self._ended(cell, "failed", " ".join(str(outcome.error).split())[:500])
        settle(self._run(cell), outcome.value)
        state, reason = outcome.value.state, outcome.value.reason
        if state == "stopped" and self.board.stop_file(cell.run or "").exists():
            return self._ended(cell, "ended early", "others of as many epochs were better")
        self._ended(cell, "finished" if state == "finished" else "stopped" if state == "stopped" else "failed", reason)

    def _ended(self, cell: Cell, state: State, reason: str = "") -> None:
        cell.state, cell.reason = state, reason
        self._follow(cell)
        if self.search:
            self.search.tell(cell)
        self.board.write(self.record)
        if self._progress:
            done = sum(cell.state not in ("waiting", "training") for cell in self.record.cells)
            self._progress(done, self.record.total)
        self._say(cell)

    def _tick(self) -> bool:
        """Look at what is at work, now and then; whether all is to stop."""
        if time.monotonic() - self._ticked > TICK_SECONDS:
            before = self.record.model_dump_json()
            for cell in self.record.cells:
                if cell.state == "training":
                    self._follow(cell)
            if self.record.model_dump_json() != before:
                self.board.write(self.record)
            self._ticked = time.monotonic()
        return self.board.stop_asked

    def _follow(self, cell: Cell) -> None:
        """How far a training is, and how well it does; it is asked to stop if it has fallen behind."""
        if not cell.run:
            return
        run, metric = self._run(cell), self.record.spec.metric
        with suppress(InputError):  # half a line of its history, at this moment
            cell.epochs, cell.value = best_of(run, metric)
            behind = self.search and self.search.has_fallen_behind(cell, run.history.get(metric, []))  # told of all that others are held to
            if behind and cell.state == "training":
                self.board.stop_file(run.name).touch()

    def _run(self, cell: Cell) -> Run:
        return Run(self.preparing.models / (cell.run or ""))
