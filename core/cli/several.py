"""Runs named together: those that can be used, side by side, and the reasons for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.errors import InputError

if TYPE_CHECKING:
    from core.metrics.alignment import Lineup
    from core.metrics.operating_point import Point
    from core.metrics.panel import Panel
    from core.runs.run import Run


def open_several(names: Sequence[str], models: str | None) -> tuple[list[Run], dict[str, str]]:
    """Runs by name, each once, and why those that are there cannot be read; raises InputError for a name that no run has."""
    from core.runs.store import models_dir, open_run

    found: dict[Path, Run] = {}
    broken: dict[str, str] = {}
    for name in names:
        try:
            run = open_run(name, models)
        except InputError as error:
            if not any(path.is_dir() for path in (models_dir(models) / name, Path(name))):
                raise
            broken[name] = str(error)
            continue
        if run.name in {other.name for path, other in found.items() if path != run.path}:
            raise InputError(f"Two of these runs are called {run.name!r}; rename the folder of one to tell them apart.")
        found[run.path] = run
    return list(found.values()), broken


def lined_up(names: Sequence[str], split: str, models: str | None) -> tuple[Lineup, Panel, list[Run]]:
    """At least two runs side by side, their panel, and all that were opened; raises InputError if fewer than two fit."""
    from core.metrics.alignment import line_up

    if len(set(names)) < 2:
        raise InputError("Name at least two different runs to compare; list them with: python -m core runs")
    opened, broken = open_several(names, models)
    if len(opened) + len(broken) < 2:
        raise InputError("Name at least two different runs to compare; these names are all of one.")
    lineup = line_up(opened, split)
    lineup = replace(lineup, refused=broken | lineup.refused)
    if lineup.panel is None or len(lineup.panel.names) < 2:
        raise InputError(next(iter(lineup.refused.values())))
    return lineup, lineup.panel, opened


def say_left_out(refused: dict[str, str]) -> list[dict[str, str]]:
    """The runs left out as a command answers them, each also in a line on standard error."""
    for name, reason in refused.items():
        click.echo(f"left out {name}: {reason}", err=True)
    return [{"run": name, "reason": reason} for name, reason in refused.items()]


def point_of(threshold: str, match_sensitivity: float | None) -> Point:
    """The operating point that two options ask for; raises InputError if both do."""
    from core.metrics.operating_point import Match

    if match_sensitivity is None:
        return threshold
    if threshold != "recommended":
        raise InputError("Give --threshold or --match-sensitivity, not both: a matched sensitivity sets each run's threshold.")
    return Match(match_sensitivity)


def accuracies(panel: Panel, thresholds: Mapping[str, float | None]) -> list[dict]:
    """Each run with the threshold in use and how many images it calls right there."""
    from core.metrics.per_image import verdicts_of

    shares = verdicts_of(panel, thresholds).correct.mean(axis=1)
    return [{"run": name, "threshold": thresholds[name], "accuracy": share} for name, share in zip(panel.names, shares, strict=True)]
