"""Which runs Compare opens with: those that this session compared before, with what was brought in since; else the best and the newest."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.identity import read_about
from core.runs.origin import IMPORTED
from core.runs.run import Run
from dashboard import state
from dashboard.components.runs.run_picker import MAX_RUNS, promise

BEFORE, KNOWN = "compared_before", "compared_known"  # of this session: ids of the runs compared last, and of all that were there then


def opens_anew(key: str, usable: Sequence[Run]) -> bool:
    """Whether neither this session nor the link has chosen any of the runs yet under a key."""
    return key not in st.session_state and not {run.name for run in usable} & set(st.query_params.get_all(key))


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
        return best_and_newest(usable)
    brought = [run for run in reversed(usable) if run.name not in known and run.config.system == IMPORTED]
    return [*before, *brought][-MAX_RUNS:]


def best_and_newest(runs: Sequence[Run]) -> list[Run]:
    """What was trained or brought last beside what it is to be measured against: the baseline, else the run that did best before test.

    The latter stands first, for it is what the other is set against. Runs of two classes go before others, for only they have an
    operating point, and one that can stand beside no other is passed over; one run alone if there is no pair.

    Parameters
    ----------
    runs : sequence of Run
        Newest first.

    Returns
    -------
    list of Run
    """
    ranked = sorted(runs, key=lambda run: (read_about(run).baseline, promise(run)), reverse=True)
    for newest in sorted(runs, key=lambda run: run.config.n_classes):
        for measure in ranked:
            if measure is not newest and not state.lineup([measure, newest]).refused:
                return sorted([measure, newest], key=ranked.index)
    return list(runs[:1])


def remember(chosen: Sequence[Run], usable: Sequence[Run]) -> None:
    """Keep what is compared now, for the next time that the page is opened in this session."""
    if chosen:
        st.session_state[BEFORE] = [run.name for run in chosen]
        st.session_state[KNOWN] = {run.name for run in usable}
