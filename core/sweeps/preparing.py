"""Run directories for the trainings of a sweep, and which of them are there already."""

from __future__ import annotations

from pathlib import Path

from core.architectures import get_system
from core.config import RunConfig
from core.datasets import Dataset
from core.errors import InputError
from core.files.paths import typed_path
from core.runs.run import Run
from core.runs.store import create_run, list_runs, open_run
from core.sweeps.cells import Cell
from core.training.plan import own_base, plan, with_classes
from core.training.processes.elsewhere import Order, pack


class Preparing:
    """Makes and finds the runs of cells.

    Parameters
    ----------
    dataset : Dataset
    data : str
        Where it lies.
    models : Path
        Folder of runs.
    limit : int, optional
        At most so many training images.
    """

    def __init__(self, dataset: Dataset, data: str, models: Path, limit: int | None = None) -> None:
        self._dataset, self._data, self.models, self._limit = dataset, str(typed_path(data).resolve()), models, limit
        runs = list_runs(models)[0]
        self._finished = [run for run in runs if run.config.fingerprint == dataset.fingerprint and run.state == "finished"]

    def is_found(self, cell: Cell) -> bool:
        """Whether a training of this recipe, seed and images has finished before; the cell then names it."""
        try:
            recipe = get_system(cell.system).variant(cell.n_classes).recipe
            recipe = recipe.with_settings({key: value for key, value in cell.settings.items() if key != "base_run"})
        except InputError:
            return False
        wanted = (cell.system, cell.n_classes, cell.seed, self._limit, recipe)
        for run in self._finished:
            one = run.config
            base = cell.settings.get("base_run", one.base_run)
            if (one.system, one.n_classes, one.seed, one.limit, one.recipe, one.base_run) == (*wanted, base):
                cell.run = run.name
                return True
        return False

    def run_of(self, cell: Cell) -> Run:
        """The run to train: the one begun before, or a new one.

        Raises
        ------
        InputError
            If the settings are not valid, or there is no CNN_1 for a system that continues one.
        """
        if cell.run and (self.models / cell.run).is_dir():
            return open_run(self.models / cell.run)
        run = create_run(with_classes(self._config(cell), self._dataset), self._data, self.models)
        cell.run = run.name
        return run

    def order(self, run: Run, cpus: int, stop: Path) -> Order:
        """What a worker is told; with the directory itself, which is a few kilobytes before anything is trained."""
        packed = b"" if run.checkpoint_path.exists() else pack(run.path)
        return Order(str(run.path.resolve()), self._data, packed, cpus, str(stop.resolve()))

    def _config(self, cell: Cell) -> RunConfig:
        settings = own_base(cell.system, cell.n_classes, cell.seed, self._dataset.fingerprint, self.models) | cell.settings
        return plan(cell.system, cell.n_classes, settings, cell.seed, self._limit, str(self.models))
