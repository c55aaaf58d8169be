"""What a browser is slow to draw, sent when it has painted the rest of the page."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from threading import Thread

import streamlit as st

PAINTED = "page_painted"
NEXT = "sklearn.metrics"  # seconds to load, and the first curve needs it: while the reader looks at the first page

# Idle means that all of the page that came before stands on the screen. Safari does not tell, so there the next task is taken. Where
# several wait on a page, one speaks at a time, the next when it is gone and only if it still stands: the answer to one may draw the others
# too, and of two fragments that run back to back Streamlit tidies up only after the last.
_herald = st.components.v2.component(
    "pneumolens_painted",
    js=Path(__file__).with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,
)
_sent = count()


def painted(what: str, still: Callable[[], str] | None = None) -> bool:
    """Whether the page has been painted, once a session; if not, something stands in and the fragment that asks runs again when it has.

    Plotly takes a browser a second or more to load, in which it draws nothing else; later charts come at once. Where no browser
    listens, there is nothing to wait for.

    Parameters
    ----------
    what : str
        Follows "Drawing" in that line.
    still : callable, optional
        Gives the HTML of a picture to look at meanwhile; if it gives none, a line says what is drawn.

    Returns
    -------
    bool
    """
    if not st.context.headers or st.session_state.get(PAINTED):
        return True
    picture = still() if still else ""
    st.html(picture or f"<p role='status' style='min-height: 28rem; opacity: 0.7'>Drawing {what} …</p>")
    # a number of its own makes it speak anew: what it said before is lost if a click ended the run that was under way
    _herald(key=f"{PAINTED}_herald_{what}", data=next(_sent), on_painted_change=_note)
    return False


def _note() -> None:
    st.session_state[PAINTED] = True
    Thread(target=import_module, args=(NEXT,), daemon=True).start()  # once loaded, to load it again is nothing
