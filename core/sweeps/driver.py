"""Hand the trainings of a sweep to workers, follow them, end those that fall behind, and keep its state in its file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress

from core.errors import InputError
from core.parallel import Progress
from core.runs.run import Run
from core.sweeps.board import Board, Record
from core.sweeps.cells import SETTLED, Cell, State, groups_of, waves
from core.sweeps.metric import best_of
from core.sweeps.preparing import Preparing
from core.sweeps.search import Search
from core.training.processes.elsewhere import settle, train_elsewhere
from core.workers import Outcome, Workers

TICK_SECONDS = 1.0
RETRIES = 3  # machines that one training may lose


class Driver:
    """One process's work at a sweep.

    Parameters
    ----------
    board : Board
    record : Record
        Kept up to date, and written to the board.
    preparing : Preparing
    progress : callable of (int, int) or None
    say : callable of Cell
    """

    def __init__(self, board: Board, record: Record, preparing: Preparing, progress: Progress | None, say: Callable[[Cell], None]) -> None:
        self.board, self.record, self.preparing = board, record, preparing
        self.search = Search(board.path, record.spec) if record.spec.needs_search else None
        self._progress, self._say = progress, say
        self._given: list[Cell] = []  # in the order in which workers were given them
        self._has_begun, self._ticked = False, 0.0

    def work(self, workers: Workers, cpus: int, gpus: int) -> None:
        """Have all trained that is not yet, each with so many processors and GPUs for itself."""
        for cells in self._lots():
            self._given = []
            orders = self._orders(cells, cpus)
            outcomes = workers.map(train_elsewhere, orders, cpus=cpus, gpus=gpus, retries=RETRIES, cancelled=self._tick)
            with closing(outcomes):  # the workers have ended before it is put down how far everything is
                for outcome in outcomes:
                    self._settle(self._given[outcome.index], outcome)
            if self.board.stop_asked:
                return

    def end(self) -> None:
        """Put down how far everything is."""
        if not self._has_begun:
            return
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
        self._has_begun = True  # workers ask for the first order when they are there
        self.board.write(self.record)
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
