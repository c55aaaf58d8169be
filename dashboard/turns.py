"""Whose turn it is to compute for long: one line for all sessions, and what those who wait read on their page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from joblib import cpu_count

from core.machine.waiting_line import WaitingLine
from core.parallel import Progress
from dashboard.components.formats import duration

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

CORES = 4  # that one piece of work keeps busy
LINE = WaitingLine(max(1, cpu_count() // CORES))


@contextmanager
def turn(kind: str, bar: DeltaGenerator) -> Iterator[None]:
    """Wait in line, with the place in it on the page, and work when it is one's turn.

    Parameters
    ----------
    kind : str
        What work of about the same length has in common.
    bar : DeltaGenerator
        Where progress will be shown. Any click on the page gives the place up, as it ends the run of the page.
    """
    with LINE.place(kind, lambda ahead, seconds: bar.progress(0.0, text=waiting_text(ahead, seconds))):
        yield


def giving_way(progress: Progress) -> Progress:
    """The same progress, told between two steps at which the pages of others are drawn first."""

    def show(done: int, total: int) -> None:
        LINE.step()
        progress(done, total)

    return show


def waiting_text(ahead: int, seconds: float | None) -> str:
    """``Others are served first: 2nd in line, about 20 s``."""
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(ahead % 10 if ahead % 100 not in (11, 12, 13) else 0, "th")
    left = f", about {duration(max(seconds, 1))}" if seconds is not None else ""
    return f"Others are served first: {ahead:,}{suffix} in line{left}"
