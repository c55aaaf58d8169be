"""Runs of the same recipe and settings on the same data, which differ in their seed alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.runs.identity.names import MOST, SHORT_ID, group_name
from core.runs.origin import NO_TRAINING
from core.text import one_line

if TYPE_CHECKING:
    from core.runs.run import Run

DEEPEST = 50  # runs of which each continues the one before it; some may name each other in a circle


@dataclass(frozen=True)
class Group:
    """The seeds of one recipe.

    Attributes
    ----------
    name : str
        ``Lens-MobileNet, CutMix 0.5``; no two groups of a list share one.
    runs : tuple of Run
        By seed; one run alone for an ensemble or an import.
    """

    name: str
    runs: tuple[Run, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its runs."""
        return tuple(run.name for run in self.runs)

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of its runs, each as often as it was trained."""
        return tuple(run.config.seed for run in self.runs)


def group_runs(runs: Sequence[Run]) -> list[Group]:
    """The runs in groups, in the order in which each group first comes.

    Runs are of one group if they agree in system, classes, input size, all settings, number of training images and the content of
    their data; those that continue another run also in the group of that run. Ensembles and imports stand alone.

    Parameters
    ----------
    runs : sequence of Run

    Returns
    -------
    list of Group
    """
    known = {run.name: run for run in runs}
    found: dict[tuple, list[Run]] = {}
    for run in runs:
        found.setdefault(_key(run, known), []).append(run)
    names = [group_name(members[0], known) for members in found.values()]
    groups = [tuple(sorted(members, key=lambda run: (run.config.seed, run.config.created))) for members in found.values()]
    return [Group(name if names.count(name) == 1 else _apart(name, members), members) for name, members in zip(names, groups, strict=True)]


def _key(run: Run, known: dict[str, Run], depth: int = 0) -> tuple:
    config = run.config
    if config.system in NO_TRAINING:
        return (config.system, run.name)
    base = known.get(config.base_run or "")
    start = _key(base, known, depth + 1) if base and depth < DEEPEST else config.base_run
    return (config.system, config.class_names, config.image_size, config.recipe, config.limit, config.fingerprint, start)


def _apart(name: str, members: tuple[Run, ...]) -> str:
    """A name for a group whose own is shared: with its data, and the end of its first run's id."""
    first = members[0]
    return f"{name} on {one_line(first.config.data_title, MOST) or 'unnamed data'} ({one_line(first.name[-SHORT_ID:])})"
