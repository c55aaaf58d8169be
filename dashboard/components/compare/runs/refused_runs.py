"""Chosen runs that cannot stand beside the others: which, why, and a button to look at one alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.runs.run import Run
from dashboard import state
from dashboard.components.markdown import plain


def show_refused(refused: Mapping[str, str], runs: Sequence[Run], target: str) -> None:
    """A warning for each run left out, such as one just imported that was scored on other images.

    Parameters
    ----------
    refused : mapping of str to str
        Run name to the reason.
    runs : sequence of Run
        Of at least those names.
    target : str
        Key of the multiple choice of run names that the button changes.
    """
    titles = {run.name: state.name_of(run) for run in runs}
    for name, reason in refused.items():
        st.warning(
            f"**{plain(titles[name])}** ({plain(name)}) is not shown beside the others. {plain(state.named(reason))}",
            icon=":material/block:",
        )
        if len(runs) > 1:
            st.button(
                f"Look at {plain(titles[name])} alone", key=f"{target}_alone_{name}", icon=":material/person:", on_click=_alone,
                args=(target, name),
            )  # fmt: skip


def _alone(target: str, name: str) -> None:
    st.session_state[target] = [name]
