"""What is odd about finished runs, beside their figures: a training that diverged, scores that tell nothing apart."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core.errors import InputError
from core.runs.run import Run
from dashboard import state
from dashboard.components.markdown import plain

SHOWN = 4


def warnings_of(run: Run) -> list[str]:
    """The sentences that a run's card records; none of a run without a card that can be read."""
    try:
        return run.card.warnings
    except InputError:
        return []


def show_warnings(runs: Iterable[Run], named: bool = True) -> None:
    """One box with a line for each warning; nothing where there is none.

    Parameters
    ----------
    runs : iterable of Run
    named : bool
        Whether each line says whose it is.
    """
    lines = [(f"**{plain(state.name_of(run))}**: " if named else "") + plain(text) for run in runs for text in warnings_of(run)]
    if not lines:
        return
    more = f"\n\nand {len(lines) - SHOWN} more, in the runs' cards" if len(lines) > SHOWN else ""
    st.warning("\n\n".join(lines[:SHOWN]) + more, icon=":material/warning:")
