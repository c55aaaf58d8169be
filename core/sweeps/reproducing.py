"""The reproduction of the published systems as one sweep, for more than one machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from core.datasets import Dataset
from core.parallel import Progress
from core.sweeps.cells import Cell
from core.sweeps.drive import Share, sweep
from core.sweeps.spec import Spec, make_spec
from core.training.reproduce import Training, wanted

STATUS = {"finished": "trained", "found": "found"}


def reproduce_on(
    on: str,
    dataset: Dataset,
    data: str,
    seeds: Sequence[int],
    only: Sequence[str] = (),
    models: str | None = None,
    settings: dict[str, str] | None = None,
    limit: int | None = None,
    share: Share | None = None,
    progress: Progress | None = None,
    say: Callable[[Cell], None] = lambda cell: None,
) -> list[Training]:
    """Train what is missing of every published system, many at once.

    Parameters
    ----------
    on, dataset, data, share, progress, say
        As of `core.sweeps.drive.sweep`.
    seeds, only, models, settings, limit
        As of `core.training.reproduce.reproduce`.

    Returns
    -------
    list of Training

    Raises
    ------
    InputError
        If `only` names a system that is not published, no recipe takes the settings, or the workers cannot be had.
    """
    settings = settings or {}
    pairs = wanted(only, settings)
    cells = [
        Cell(system=system.key, n_classes=variant.n_classes, seed=seed, settings=settings) for system, variant in pairs for seed in seeds
    ]
    fields = {"systems": list(dict.fromkeys(system.key for system, _ in pairs)), "seeds": list(seeds), "limit": limit}
    spec = _named(make_spec(fields | {"settings": {key: [value] for key, value in settings.items()}}))
    record = sweep(spec, dataset, data, models, on, share, progress, say, cells)
    return [_training(cell) for cell in record.cells]


def _named(spec: Spec) -> Spec:
    """The same asked for again goes on with the same sweep; anything else is another."""
    return spec.model_copy(update={"name": f"reproduce-{hashlib.sha256(spec.model_dump_json().encode()).hexdigest()[:8]}"})


def _training(cell: Cell) -> Training:
    status = STATUS.get(cell.state, "failed")
    reason = (cell.reason or f"it was {cell.state}") if status == "failed" else ""
    return Training(cell.system, cell.n_classes, cell.seed, cell.run, status, reason)
