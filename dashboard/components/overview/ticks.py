"""Which runs the ticks of a table of recipes mean."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest


def chosen_after(before: Sequence[str], lines: Sequence[Sequence[str]], rows: Sequence[int]) -> list[str]:
    """The ids that are chosen after ticks: those of no line that is shown stay, those of ticked lines follow in their order."""
    shown = {run for runs in lines for run in runs}
    return [run for run in before if run not in shown] + [run for row in sorted(rows) if row < len(lines) for run in lines[row]]


def in_turn(chosen: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """The chosen runs, one of each line first, then a second of each, so that none of six recipes falls out of a comparison of six runs."""
    shown = [[run for run in line if run in chosen] for line in lines]
    hidden = [[run] for run in chosen if not any(run in line for line in lines)]
    return [run for turn in zip_longest(*hidden, *shown) for run in turn if run]
