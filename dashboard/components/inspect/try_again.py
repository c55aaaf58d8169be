"""What is left to do where the process that computed something ended: ask again, in place."""

from __future__ import annotations

import streamlit as st

from core.bounded import HelperEnded
from core.errors import InputError


def offer_again(error: InputError, key: str) -> None:
    """A button that computes it once more, where that can help; nothing after any other error.

    Parameters
    ----------
    error : InputError
    key : str
        Of what was computed, one of its kind on the page.
    """
    if isinstance(error, HelperEnded):
        st.button("Try again", key=f"inspect_again_{key}", icon=":material/refresh:", help="Computes it anew, in a fresh process.")
