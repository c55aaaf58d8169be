"""The trainings of a sweep as rows and columns: what differs between them, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.architectures import SYSTEMS
from core.metrics.statistics.intervals import in_figures
from core.sweeps.board import Record
from core.sweeps.cells import Cell
from core.text import figure as in_figure

METRIC_WORDS = {"val_loss": "Validation loss", "val_accuracy": "Validation accuracy"}
MOST_ROWS = 40  # of the grid; the table has them all
TITLES = {system.key: system.title for system in SYSTEMS}


class Grid(NamedTuple):
    """Rows, columns, and for each place a state and words; empty where there is no training."""

    rows: list[str]
    columns: list[str]
    states: list[list[str]]
    words: list[list[str]]


def varied(cells: Sequence[Cell]) -> dict[str, list[str]]:
    """What differs between trainings, by its name: system, classes and settings of several values, then the seed."""
    known: dict[str, list[str]] = {
        "system": [TITLES.get(cell.system, cell.system) for cell in cells],
        "classes": [str(cell.n_classes) for cell in cells],
    }
    for key in dict.fromkeys(key for cell in cells for key in cell.settings):
        known[key.replace("_", " ")] = _short([cell.settings.get(key, "–") for cell in cells])
    known["seed"] = [str(cell.seed) for cell in cells]
    return {name: values for name, values in known.items() if len(set(values)) > 1}


def _short(values: list[str]) -> list[str]:
    """Drawn numbers to as many figures as tell them apart, three at least; all else as it is."""
    if any("." in value for value in values):
        for figures in range(3, 6):
            short = [_rounded(value, figures) for value in values]
            if len(set(short)) == len(set(values)):
                return short
    return values


def _rounded(value: str, figures: int) -> str:
    try:
        return f"{float(value):.{figures}g}"
    except ValueError:
        return value


def in_chart(names: dict[str, list[str]]) -> dict[str, list[str]]:
    """The same for a chart: short, and shown as it is."""
    return {in_figure(name, 40): [in_figure(value, 40) for value in values] for name, values in names.items()}


def grid_of(record: Record) -> Grid:
    """The settings as rows, the seeds as columns.

    Parameters
    ----------
    record : Record

    Returns
    -------
    Grid
    """
    cells = record.cells
    names = in_chart(varied(cells))
    names.pop("seed", None)
    labels = [",<br>".join(_parts(names, i)) or "as written up" for i in range(len(cells))]  # lines: a phone is narrow
    rows = list(dict.fromkeys(labels))[:MOST_ROWS]
    columns = [f"seed {seed}" for seed in dict.fromkeys(cell.seed for cell in cells)]
    places = {(label, f"seed {cell.seed}"): cell for label, cell in zip(labels, cells, strict=True)}
    found = [[places.get((row, column)) for column in columns] for row in rows]
    states = [[cell.state if cell else "" for cell in row] for row in found]
    return Grid(rows, columns, states, [[words_of(cell) if cell else "" for cell in row] for row in found])


def words_of(cell: Cell) -> str:
    """How far a training is, in a few words: its value once there is one."""
    value = "" if cell.value is None else in_figures(cell.value)
    if cell.state in ("finished", "found"):
        return value or cell.state
    if cell.state == "training":
        return f"epoch {cell.epochs}: {value}" if value else "training"
    return f"{cell.state}{f', {value}' if value else ''}"


def name_of(cell: Cell, cells: Sequence[Cell]) -> str:
    """What tells one training from the others."""
    return ", ".join(_parts(varied(cells), list(cells).index(cell))) or TITLES.get(cell.system, cell.system)


def _parts(names: dict[str, list[str]], place: int) -> list[str]:
    """What one training has of what differs; a system needs no word before it."""
    return [values[place] if name == "system" else f"{name} {values[place]}" for name, values in names.items()]
