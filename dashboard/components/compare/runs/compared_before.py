"""Which runs Compare opens with: those that this session compared before, with what was brought in since; else the newest two."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.origin import IMPORTED
from core.runs.run import Run
from dashboard.components.run_picker import MAX_RUNS, newest_pair

BEFORE, KNOWN = "compared_before", "compared_known"  # of this session: ids of the runs compared last, and of all that were there then


def first_choice(usable: Sequence[Run]) -> list[Run]:
    """The runs to open with where no link names any.

    Parameters
    ----------
    usable : sequence of Run
        Newest first.

    Returns
    -------
    list of Run
        At most six; an imported run that came since the last comparison stands last, beside the runs of that comparison.
    """
    by_id, known = {run.name: run for run in usable}, st.session_state.get(KNOWN, ())
    before = [by_id[name] for name in st.session_state.get(BEFORE, ()) if name in by_id]
    if not before:
        return newest_pair(usable)
    brought = [run for run in reversed(usable) if run.name not in known and run.config.system == IMPORTED]
    return [*before, *brought][-MAX_RUNS:]


def remember(chosen: Sequence[Run], usable: Sequence[Run]) -> None:
    """Keep what is compared now, for the next time that the page is opened in this session."""
    if chosen:
        st.session_state[BEFORE] = [run.name for run in chosen]
        st.session_state[KNOWN] = {run.name for run in usable}
