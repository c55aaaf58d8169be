"""A table's selection that follows a choice made elsewhere, such as in a link."""

from __future__ import annotations

from typing import Literal

import streamlit as st


def selection_key(key: str, kind: Literal["rows", "cells"], wanted: list) -> str:
    """A key for a table whose selection is to be `wanted`, which the table takes as its default.

    A table drawn under an old key keeps what was selected in it, so it gets a new one when that is no longer what is wanted.
    Writing the selection into the session's state instead would make the browser answer, and the page run twice.

    Parameters
    ----------
    key : str
        Begins the table's keys.
    kind : {"rows", "cells"}
    wanted : list
        Row numbers, or (row, column) pairs.
    """
    version = st.session_state.get(f"{key}_version", 0)
    shown = st.session_state.get(f"{key}_{version}")
    if shown is not None and sorted(shown["selection"][kind]) != sorted(wanted):
        version += 1
        st.session_state[f"{key}_version"] = version
    return f"{key}_{version}"
