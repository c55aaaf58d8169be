"""What stands far down a page waits until the browser has drawn what stands above: both share its one thread."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

HERE = Path(__file__)

_signal = st.components.v2.component("pneumolens_first_paint", js=HERE.with_suffix(".js").read_text("utf-8"))


def painted(key: str) -> bool:
    """Whether the browser has drawn the page once in this session.

    Call it inside a fragment, and draw there what can wait only if it is True: the fragment runs again, alone, when the browser is idle.

    Parameters
    ----------
    key : str
        Of the page; the answer is kept under it in the session.

    Returns
    -------
    bool
    """
    if not st.session_state.get(key):
        _signal(key=f"{key}_signal", on_painted_change=lambda: st.session_state.update({key: True}))
    return bool(st.session_state.get(key))
