"""A row of the table that the benchmarks print, and the clock that they read."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

TITLES = ("benchmark", "what", "ours", "alternative in the same run", "ratio")
WIDTHS = (12, 64, 30, 44, 6)


class Figure(NamedTuple):
    """What was measured; ours and the alternative with their units; how many times better ours is than the alternative."""

    what: str
    ours: str
    alternative: str = "–"
    ratio: float | None = None

    def row(self, benchmark: str) -> str:
        """The figure as a line of a Markdown table."""
        return line((benchmark, self.what, self.ours, self.alternative, "–" if self.ratio is None else f"{self.ratio:,.3g}"))


def head() -> str:
    """The two lines above the rows."""
    return f"{line(TITLES)}\n{line('-' * width for width in WIDTHS)}"


def line(cells) -> str:
    """Cells between bars, padded so that a terminal shows columns."""
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))} |"


def timed(function: Callable) -> tuple:
    """What a function gives, and the seconds that it took."""
    began = time.perf_counter()
    return function(), time.perf_counter() - began
