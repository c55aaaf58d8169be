"""Results of all runs, a line for the seeds of one recipe or one for each run: what the leaderboards of two pages show."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.reporting.recipe_leaderboard import group_board
from core.runs.identity import Group, group_runs, read_about
from core.runs.run import Run
from dashboard import state
from dashboard.components.formats import duration

BASELINE = " (baseline)"
PATIENCE = 0.7  # seconds without a word


@st.cache_data(max_entries=8, show_spinner=False)
def _board(key: tuple, _groups: list[Group]) -> tuple[pd.DataFrame, dict[str, str]]:
    return group_board(_groups, state.board_row, state.generalisation)


def boards(runs: Sequence[Run]) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """A line for each group, a line for each run, and by id why a run cannot be judged."""
    _measure(runs)
    groups, names = group_runs(runs), state.names()
    shown = [Group(_called(group, names), group.runs) for group in groups]
    by_group, broken = _board((state.identities(runs), tuple(group.name for group in shown)), shown)
    alone = [Group(_called(Group(names.get(run.name, run.name), (run,)), names), (run,)) for group in groups for run in group.runs]
    by_run, _ = _board((state.identities(runs), tuple(group.name for group in alone)), alone)
    return by_group, by_run, broken


def _called(group: Group, names: Mapping[str, str]) -> str:
    """The name of a group; a run alone goes by the name that its owner gave it. The baseline is marked."""
    about = [read_about(run) for run in group.runs]
    name = names.get(group.runs[0].name, group.name) if len(group.runs) == 1 and about[0].name else group.name
    return name + (BASELINE if any(one.baseline for one in about) else "")


def _measure(runs: Sequence[Run]) -> None:
    """Evaluate the runs, with a bar where that takes a while: a run is measured once, and kept on disk."""
    key, known = state.identities(runs), _measured()
    if known == [key]:
        return
    bar, began = None, time.monotonic()
    for number, run in enumerate(runs):
        passed = time.monotonic() - began
        if passed > PATIENCE:
            left = duration(passed / number * (len(runs) - number))
            text = f"Measuring runs on test, with 95 % intervals: {number:,} of {len(runs):,}, about {left} left"
            bar = bar or st.empty()
            bar.progress(number / len(runs), text=text)
        with suppress(InputError):
            state.board_row(run)
            state.generalisation(run)
    if bar:
        bar.empty()
    known[:] = [key]


@st.cache_resource(show_spinner=False)
def _measured() -> list[tuple]:
    """The runs whose figures are known, whichever session asked for them first."""
    return []
