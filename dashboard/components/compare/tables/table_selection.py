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
    version, given = st.session_state.get(key, (0, wanted))
    reported = st.session_state.get(f"{key}_{version}")  # nothing yet where the browser has not answered
    shown = given if reported is None else reported["selection"][kind]
    if sorted(shown) != sorted(wanted):
        version += 1
    st.session_state[key] = (version, wanted)
    return f"{key}_{version}"
