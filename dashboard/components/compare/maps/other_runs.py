"""Where none of the compared runs has maps, two that have some are a click away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.runs.run import Run
from dashboard import state
from dashboard.components.markdown import plain
from dashboard.components.runs.run_picker import promise, usable_runs


def offer_others(compared: Sequence[Run], able: Callable[[Run], bool], place: str, key: str) -> None:
    """A button that compares two other runs instead; nothing where no run has maps.

    Parameters
    ----------
    compared : sequence of Run
    able : callable of Run
        Whether a run has them.
    place : str
        Ends the button's key.
    key : str
        ``<key>_runs`` is the key of the page's choice of runs.
    """
    others = with_maps(compared, usable_runs()[0], able)
    if not others:
        return
    names, target = [run.name for run in others], f"{key}_runs"
    label = f"See where {plain(' and '.join(map(state.name_of, others)))} look" + "s" * (len(others) == 1)
    hint = "Compares these instead. The browser's Back returns to the runs of now."
    if st.button(label, key=f"{key}_{place}_others", icon=":material/compare_arrows:", help=hint, on_click=_choose, args=(target, names)):
        st.rerun()  # the choice of runs stands outside of the part of the page that a click here draws anew


def with_maps(compared: Sequence[Run], usable: Sequence[Run], able: Callable[[Run], bool]) -> list[Run]:
    """At most two runs of different systems that have maps: members of the compared ensembles first, then the most promising.

    Parameters
    ----------
    compared, usable : sequence of Run
    able : callable of Run

    Returns
    -------
    list of Run
        Of as many classes as the first of `compared`.
    """
    members = {name for run in compared for name in run.config.members}
    fitting = [run for run in usable if run.config.n_classes == compared[0].config.n_classes and able(run)]
    by_system: dict[str, Run] = {}
    for run in sorted(fitting, key=lambda run: (run.name in members, promise(run)), reverse=True):
        by_system.setdefault(run.config.system, run)
    return list(by_system.values())[:2]


def _choose(target: str, names: list[str]) -> None:
    st.session_state[target] = names
