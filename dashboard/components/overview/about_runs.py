"""Rename a run, write a note, pin it as the baseline, archive it; and bring archived ones back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import InputError
from core.runs.identity import read_about, write_about
from core.runs.identity.about import MAX_NAME, MAX_NOTE, pin_baseline
from core.runs.identity.names import derived_name
from core.runs.run import Run
from dashboard import state
from dashboard.components.markdown import plain
from dashboard.once import look_again
from dashboard.shared_mode import may_train


def about_button(runs: Sequence[Run]) -> None:
    """A button that opens the dialog for the runs chosen."""
    if may_train() and st.button("Rename, note, archive …", icon=":material/edit:", key="overview_about", type="tertiary"):
        _dialog(list(runs))


@st.dialog("Name and note of a run")
def _dialog(runs: list[Run]) -> None:
    names = state.names()
    run = runs[0] if len(runs) == 1 else st.selectbox("Run", runs, format_func=lambda run: names.get(run.name, run.name), key="about_run")
    about = read_about(run)
    with st.form(f"about_{run.name}", border=False):
        name = st.text_input(
            "Name",
            about.name,
            max_chars=MAX_NAME,
            placeholder=derived_name(run),
            help="Empty: by its settings.",
        )
        note = st.text_area("Note", about.note, max_chars=MAX_NOTE, placeholder="Why it was trained, what to remember")
        baseline = st.checkbox("Baseline: the others are set against it", about.baseline)
        archived = st.checkbox("Archived: left out of tables and choices; nothing is deleted", about.archived)
        saved = st.form_submit_button("Save", type="primary")
    st.caption(f"Id, which links carry: {plain(run.name)}")
    if not saved or not may_train():
        return
    try:
        write_about(run, name=name, note=note, archived=archived)
        if baseline != about.baseline:
            pin_baseline(run if baseline else None, state.all_runs()[0] if baseline else [run])
    except InputError as error:
        st.error(plain(error))
        return
    st.rerun()


def archived_section(runs: Sequence[Run]) -> None:
    """The archived runs, each with a button that brings it back; nothing if there are none."""
    if not runs:
        return
    names = state.names()
    with st.expander(f"Archived runs ({len(runs)})", icon=":material/inventory_2:"):
        for run in runs:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{plain(names.get(run.name, run.name))} :small[{plain(read_about(run).note, 200)}]", width="stretch")
                st.button("Bring back", key=f"bring_back_{run.name}", on_click=_bring_back, args=(run,), disabled=not may_train())


def _bring_back(run: Run) -> None:
    if not may_train():
        return
    try:
        write_about(run, archived=False)
        look_again()
    except InputError as error:
        st.toast(plain(error), icon=":material/block:")
