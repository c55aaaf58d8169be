"""Back and Forward: a page returned to is drawn as its link says, as if the link had just been opened."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.components.kept_fields import LINKED_FIELDS
from dashboard.components.query_params import LINKED, TEXTS

# A click makes one entry in the browser's history. What the page then adds to its own link, such as the runs it starts with, belongs to
# that entry; and a link to another page is one step. Streamlit makes an entry of each, and before it leaves a page it takes the page's
# values out of its link, so that Back would lead to the same page again, without its runs or its filter.
_entries = st.components.v2.component(
    "pneumolens_history",
    js="""export default function () {
        if (window.pneumolensHistory) return;
        window.pneumolensHistory = true;
        let asked = false;      // whether a person has done something since the last entry
        let made = false;       // whether the last entry is a change on this page
        const note = () => { asked = true; };
        for (const kind of ["pointerdown", "keydown", "change"]) window.addEventListener(kind, note, true);
        const push = history.pushState.bind(history);
        history.pushState = (state, title, url) => {
            const elsewhere = new URL(url, location.href).pathname !== location.pathname;
            const emptied = made && !asked;     // the click that leads elsewhere took the page's values out of its link, however long ago
            if (elsewhere ? emptied : !asked) history.replaceState(state, title, url);
            else push(state, title, url);
            if (elsewhere) made = false;
            else if (asked) made = true;
            asked = false;
        };
        window.addEventListener("popstate", () => { made = false; asked = false; });
    }""",
    isolate_styles=False,
)


def follow_history() -> None:
    """Draw a page that the browser went back or forward to as its link says.

    Streamlit gives a widget of which the link says nothing its own default then, over the one that the page gave it. Without what widgets
    held before, and treated as a link just opened, the page gives its first values again.
    """
    ctx = get_script_run_ctx()
    if not getattr(ctx, "is_history_navigation", False):
        return
    ctx.is_history_navigation = False
    linked = st.session_state.get(LINKED, ())
    for kept in (LINKED_FIELDS, TEXTS):
        st.session_state.pop(kept, None)
    for key in ctx.session_state.filtered_state:
        if _is_bound(ctx, key) or key in linked:
            del st.session_state[key]


def one_entry_a_step() -> None:
    """Make the browser's history hold one entry for each thing that a person does; sent early and hidden, so it stands last on a page."""
    _entries(key="browser_history")


def _is_bound(ctx, key: str) -> bool:
    """Whether a widget of this key writes into the link."""
    state = ctx.session_state._state
    return state._key_id_mapper.get_id_from_key(key, "") in state._query_param_bound_widget_ids
