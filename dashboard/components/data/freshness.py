"""A part of a page that is redrawn alone must not show files that have changed since the whole was drawn."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.datasets import Dataset
from core.errors import InputError
from dashboard import state


def redraw_if_changed(dataset: Dataset) -> None:
    """Draw the whole page anew where a fragment runs alone and the files of the data set in use are no longer those of `dataset`."""
    if not _alone():
        return
    try:
        same = state.dataset().digest == dataset.digest
    except InputError:  # the folder is gone, which the whole page says
        same = False
    if not same:
        st.toast("The files have changed: the page shows them as they are now.", icon=":material/refresh:")
        st.rerun()


def _alone() -> bool:
    """Whether only a fragment runs."""
    ctx = get_script_run_ctx()
    return bool(ctx and ctx.fragment_ids_this_run)
