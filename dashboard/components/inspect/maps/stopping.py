"""A way out of a slow map, also while it waits in line: it is not begun again until it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st

from dashboard.components.inspect.analysis import QUICK

MADE, STOPPED = "_inspect_maps_made", "_inspect_maps_stopped"


class Asked(NamedTuple):
    """What tells one map of a session from another."""

    run: str
    digest: str
    method: str
    class_name: str
    layer: str

    def widget(self, what: str) -> str:
        """The key of a button beside this map."""
        return f"inspect_map_{what}_{self.run}_{self.method}"


def was_stopped(asked: Asked) -> bool:
    """Whether this session stopped a map; if so, the page says it, with a button that begins again."""
    if asked not in st.session_state.get(STOPPED, ()):
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("This map was stopped.", width="content")
        st.button("Compute it", key=asked.widget("again"), on_click=_begin, args=(asked,), icon=":material/play_arrow:")
    return True


@contextmanager
def stoppable(asked: Asked) -> Iterator[None]:
    """While a slow map that this session has not made yet is waited for and computed, a button that stops it."""
    if asked.method in QUICK or asked in st.session_state.setdefault(MADE, set()):
        yield
        return
    place = st.empty()
    place.button("Stop", key=asked.widget("stop"), on_click=_stop, args=(asked,), icon=":material/stop:", help="Go on without this map.")
    try:
        yield
        st.session_state[MADE].add(asked)
    finally:
        place.empty()


def _begin(asked: Asked) -> None:
    st.session_state[STOPPED].discard(asked)


def _stop(asked: Asked) -> None:
    st.session_state.setdefault(STOPPED, set()).add(asked)
