"""What the server adds to every answer: a browser loads nothing of a page from another host, no other site may frame one, nor name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from streamlit import net_util
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from dashboard.components.history import OneEntryAStep
from dashboard.uploads import BoundedUploads

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's own pages need inline styles, inline scripts, and for Plotly and the data grid blobs and evaluated code; the map of what may
# be loaded is the last line of defence, behind `core.text`: a picture or a form in somebody's text leads to no other host.
POLICY = "; ".join(
    (
        "default-src 'self' data: blob:",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address of a page names folders and runs
}


NOT_HERE = "This name is not among those that the server answers to: see STREAMLIT_SERVER_ALLOWED_HOSTS in docs/share.md.\n"


class OwnHostOnly:
    """ASGI middleware that answers only to the names of `server.allowedHosts`, and sets `HEADERS` on every answer.

    Streamlit itself asks for the name where a session begins; here it is asked for whatever is fetched, the first page included.
    """

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif is_host_allowed(dict(scope["headers"]).get(b"host", b"").decode("latin-1") or None):
            await self.app(scope, receive, with_headers)
        else:
            await PlainTextResponse(NOT_HERE, status_code=403)(scope, receive, with_headers)


MIDDLEWARE = [Middleware(OwnHostOnly), Middleware(BoundedUploads), Middleware(OneEntryAStep)]


def ask_no_other_host() -> None:
    """Keep Streamlit from asking an outside host for this machine's address, which it does when a page of another site calls it."""
    net_util.get_external_ip = lambda: None


def look_for_no_components() -> None:
    """Keep Streamlit from reading what every installed package says of itself in search of parts of pages: all of ours are our own."""
    manifest_scanner.scan_component_manifests = list


def leave_keras_alone() -> None:
    """Keep Streamlit from forgetting Keras's kernels, and collecting garbage, whenever a page was drawn or a part of it."""
    script_runner._clean_problem_modules = lambda: None
