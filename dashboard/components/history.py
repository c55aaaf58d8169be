"""Back and Forward: a page returned to is drawn as its link says, as if the link had just been opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.components.kept_fields import LINKED_FIELDS
from dashboard.components.query_params import GIVEN, LINKED, TEXTS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A click makes one entry in the browser's history. What the page then adds to its own link, such as the runs it starts with, belongs to
# that entry; and a link to another page is one step. Streamlit makes an entry of each, and before it leaves a page it takes the page's
# values out of its link, so that Back would lead to the same page again, without its runs or its filter. The script that mends it stands
# in the first page: a component would be there only after a browser that is busy has drawn it, and the page has added to its link by then.
MARK = b"<title>Streamlit</title>"
SCRIPT = b"<script>" + Path(__file__).with_suffix(".js").read_bytes() + b"</script>"
# Not asked of Streamlit: a compressed page, and one that is newer than the file of which the browser knows the page with another script.
NOT_ASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since")


class OneEntryAStep:
    """ASGI middleware that makes the browser's history hold one entry for each thing that a person does."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; where it opens the dashboard, with the script in Streamlit's page."""
        if scope["type"] != "http" or scope["method"] != "GET" or b"text/html" not in dict(scope["headers"]).get(b"accept", b""):
            await self.app(scope, receive, send)
            return
        begun: list[Message] = []  # the head of an answer tells its length, so it waits for the whole
        page = bytearray()

        async def with_script(message: Message) -> None:
            if message["type"] == "http.response.start" and Headers(scope=message).get("content-type", "").startswith("text/html"):
                begun.append(message)
                return
            if begun:
                page.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": bytes(page).replace(MARK, MARK + SCRIPT, 1)}
                MutableHeaders(scope=begun[0])["content-length"] = str(len(message["body"]))
                await send(begun.pop())
            await send(message)

        await self.app(scope | {"headers": [one for one in scope["headers"] if one[0] not in NOT_ASKED]}, receive, with_script)


def follow_history() -> None:
    """Draw a page that the browser went back or forward to as its link says.

    Streamlit gives a widget of which the link says nothing its own default then, over the one that the page gave it. Without what widgets
    held before, and treated as a link just opened, the page gives its first values again. Where it gives none, the browser has to be told
    the default, or it would go on showing what stood there.
    """
    ctx = get_script_run_ctx()
    if not getattr(ctx, "is_history_navigation", False):
        return
    ctx.is_history_navigation = False
    linked, given = (st.session_state.get(name, ()) for name in (LINKED, GIVEN))
    for kept in (LINKED_FIELDS, TEXTS):
        st.session_state.pop(kept, None)
    for key in ctx.session_state.filtered_state:
        bound = _bound_widget(ctx, key)
        if bound or key in linked:
            del st.session_state[key]
        if bound and key not in given and key not in st.query_params and (known := ctx.session_state._state._get_widget_metadata(bound)):
            st.session_state[key] = known.deserializer(None)


def _bound_widget(ctx, key: str) -> str:
    """The widget of this key, if it writes into the link; else nothing."""
    state = ctx.session_state._state
    widget_id = state._key_id_mapper.get_id_from_key(key, "")
    return widget_id if widget_id in state._query_param_bound_widget_ids else ""
