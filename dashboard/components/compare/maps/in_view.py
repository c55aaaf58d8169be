"""Whether films have come into view: what is computed of them can wait until then."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import streamlit as st

_watcher = st.components.v2.component("pneumolens_in_view", js=Path(__file__).with_suffix(".js").read_text("utf-8"), isolate_styles=False)
_sent = count()


def in_view(films: tuple[str, ...], key: str) -> bool:
    """Whether these films have been on the screen; if not, the fragment that asks runs again once they are.

    Where no browser listens, all are.

    Parameters
    ----------
    films : tuple of str
        What is shown at this place: other films have to come into view anew.
    key : str
        Of the place.

    Returns
    -------
    bool
    """
    seen = f"_{key}_in_view"
    if not st.context.headers or st.session_state.get(seen) == films:
        return True
    # a number of its own makes it speak anew: what it said before is lost if a click ended the run that was under way
    _watcher(key=f"{key}_in_view", data=next(_sent), on_seen_change=lambda: st.session_state.update({seen: films}))
    return False
