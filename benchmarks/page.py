"""The table on ``docs/speed.md``: rows of the benchmarks that ran now, in place of their rows of before."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.figure import TITLES
from core.reporting.marked_text import read_marked, write_marked

MARKED = "benchmarks"
HEAD = ["| " + " | ".join((*TITLES, "measured on")) + " |", "|" + " --- |" * (len(TITLES) + 1)]


def write_rows(path: Path, rows: Mapping[str, Iterable[str]], order: Iterable[str], machine: str) -> None:
    """Put the rows of some benchmarks between the marks of a page; raises InputError if it has none.

    Parameters
    ----------
    path : Path
    rows : mapping of str to iterable of str
        By benchmark, as `benchmarks.figure.Figure.row` writes them.
    order : iterable of str
        Of all benchmarks.
    machine : str
        What they ran on.
    """
    kept = known(read_marked(path, MARKED)[1]) | {name: [f"{tight(row)} {machine} |" for row in found] for name, found in rows.items()}
    lines = [*HEAD, *(row for name in order for row in kept.get(name, []))]
    write_marked(path, MARKED, "\n".join(lines) + "\n")


def known(table: str) -> dict[str, list[str]]:
    """The rows that stand there, by benchmark."""
    found: dict[str, list[str]] = {}
    for row in table.strip().splitlines()[len(HEAD) :]:
        found.setdefault(row.split("|")[1].strip(), []).append(row)
    return found


def tight(row: str) -> str:
    """A row without the blanks that make columns in a terminal."""
    return " ".join(row.split())


def machine_text(data_title: str) -> str:
    """What the benchmarks run on: cores, how busy they are, and the images."""
    return f"{os.cpu_count()} cores ({platform.machine()}, load {os.getloadavg()[0]:.1f}), {data_title}"
