"""The trainings of a sweep, one cell each: what is trained, how far it is, and how well it does."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from core.architectures import get_system
from core.errors import InputError
from core.runs.fields import Text
from core.sweeps.metric import is_better
from core.sweeps.spec import Span, Spec, Value
from core.training.plan import plan

MOST_CELLS = 10_000
MOST_CHECKED = 1000  # combinations of values to draw from; which do not go together beyond them, their trainings say
State = Literal["waiting", "training", "finished", "found", "ended early", "stopped", "failed"]
SETTLED = ("finished", "found", "ended early")


class Group(NamedTuple):
    """Trainings that differ in settings alone, hold out the same patients, and can be compared by their validation."""

    system: str
    n_classes: int
    seed: int


class Cell(BaseModel):
    """One training of a sweep.

    Attributes
    ----------
    settings : dict of str to str
        As ``--set`` takes them.
    run : str or None
        Its run directory, once there is one.
    state : str
        `found` is a finished run of the same recipe, seed and images from before, which is not trained again; `ended early` one that
        fell behind.
    value : float or None
        The metric, of the best epoch so far.
    attempts : int
        How many workers have had it.
    trial : int or None
        Its number in the search.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    system: Text
    n_classes: int = Field(ge=2, le=3)
    seed: int = Field(ge=0, lt=2**31)
    settings: dict[Text, Text] = {}
    run: Text | None = None
    state: State = "waiting"
    reason: Text = ""
    epochs: int = Field(0, ge=0, lt=2**31)
    value: float | None = None
    attempts: int = Field(0, ge=0, lt=2**31)
    trial: int | None = Field(None, lt=2**31)

    @property
    def group(self) -> Group:
        """What it is compared within."""
        return Group(self.system, self.n_classes, self.seed)


def groups_of(spec: Spec) -> list[Group]:
    """Every system with every number of classes and seed; systems that continue another come last.

    Raises
    ------
    InputError
        If a system is not known, or none of the numbers of classes is one of its own.
    """
    found = []
    for key in sorted(spec.systems, key=lambda key: get_system(key).continues):
        own = [variant.n_classes for variant in get_system(key).variants]
        wanted = [n for n in spec.labels if n in own] or ([] if spec.labels else own[:1])
        if not wanted:
            raise InputError(f"{key} has no recipe for {' or '.join(map(str, spec.labels))} classes.")
        found += [Group(key, n, seed) for n in wanted for seed in spec.seeds]
    return found


def combinations(spec: Spec) -> list[dict[str, str]]:
    """Every combination of the values of settings, as ``--set`` takes them; of a sweep without ranges."""
    lists = {key: values for key, values in spec.settings.items() if isinstance(values, tuple)}
    return [dict(zip(lists, map(setting, values), strict=True)) for values in itertools.product(*lists.values())]


def count_of(spec: Spec) -> int:
    """How many trainings a sweep has.

    Raises
    ------
    InputError
        If there are too many.
    """
    each = spec.trials
    if each is None:
        each = 1
        for values in spec.settings.values():
            each *= len(values) if isinstance(values, tuple) else 1
    total = len(groups_of(spec)) * each
    if total > MOST_CELLS:
        raise InputError(f"The sweep has {total:,} trainings, and at most {MOST_CELLS:,} are allowed.")
    return total


def all_cells(spec: Spec) -> list[Cell]:
    """The cells of a sweep without ranges, all settings checked; seeds vary fastest within a combination of settings.

    Raises
    ------
    InputError
        If a setting is not valid for a system.
    """
    count_of(spec)
    every, found = combinations(spec), []
    for group in groups_of(spec):
        found += [Cell(system=group.system, n_classes=group.n_classes, seed=group.seed, settings=settings) for settings in every]
    for cell in found:
        check(cell)
    return found


def check_drawn(spec: Spec) -> None:
    """Refuse what a recipe does not take of the values to draw from: each listed one, and both ends of each range.

    Raises
    ------
    InputError
        If a setting is not valid for a system.
    """
    values = {key: _ends(values) for key, values in spec.settings.items()}
    first = {key: ends[0] for key, ends in values.items()}
    alone = [first | {key: value} for key, ends in values.items() for value in ends]
    together = [dict(zip(values, ends, strict=True)) for ends in itertools.islice(itertools.product(*values.values()), MOST_CHECKED)]
    for group in {(group.system, group.n_classes): group for group in groups_of(spec)}.values():
        for settings in alone + together:
            check(Cell(system=group.system, n_classes=group.n_classes, seed=group.seed, settings=settings))


def _ends(values: tuple[Value, ...] | Span) -> list[str]:
    ends = (values.low, values.last) if isinstance(values, Span) else values
    return [setting(int(end) if isinstance(end, float) and end.is_integer() else end) for end in ends]


def check(cell: Cell) -> None:
    """Refuse settings that the recipe of a system does not take, before anything is trained."""
    if get_system(cell.system).continues:
        wanted = {key: value for key, value in cell.settings.items() if key != "base_run"}
        get_system(cell.system).variant(cell.n_classes).recipe.with_settings(wanted)  # what it continues may be trained by the same sweep
    else:
        plan(cell.system, cell.n_classes, dict(cell.settings), cell.seed)


def best_cell(cells: Iterable[Cell], metric: str) -> Cell | None:
    """The best cell with a value; finished ones go before all others.

    Parameters
    ----------
    cells : iterable of Cell
    metric : str

    Returns
    -------
    Cell or None
    """
    known = [cell for cell in cells if cell.value is not None and cell.run]
    finished = [cell for cell in known if cell.state in ("finished", "found")]
    best: Cell | None = None
    for cell in finished or known:
        if best is None or is_better(metric, cell.value or 0.0, best.value or 0.0):
            best = cell
    return best


def waves(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """The cells in one or two lots: systems that continue a CNN_1 wait for those that may be it."""
    several = list(cells)
    for continued in (False, True):
        if lot := [cell for cell in several if get_system(cell.system).continues == continued]:
            yield lot


def setting(value: object) -> str:
    """A value as ``--set`` takes it."""
    return "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
