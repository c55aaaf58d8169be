"""Uploads in memory: bounded before they are read, and let go soon after their session ended."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from streamlit import config
from streamlit.runtime import Runtime, RuntimeState

from dashboard.shared_mode import room_for_uploads

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PLACE = "/_stcore/upload_file/"
ROOM = 256 * 2**20  # bytes, of all files of a session
FRAME = 2**20  # bytes that a form may add to a file; as Streamlit allows while it reads
EVERY = 15.0  # seconds between two looks for sessions that ended
FULL = "There is no room for this file beside what was uploaded before: forget some of those, or try again later."


def keep_off_the_disk() -> None:
    """Receive a file in memory: what is beyond 1 MB would go through a file in the system's temporary folder, which may be full."""
    MultiPartParser.spool_max_size = (config.get_option("server.maxUploadSize") + 1) * 2**20  # what is larger is refused


class BoundedUploads:
    """ASGI middleware that refuses an upload for which a session, or all of them together, have no room left."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and scope["method"] == "PUT" and PLACE in scope["path"] and not _has_room(scope):
            await PlainTextResponse(FULL, status_code=413)(scope, receive, send)
        else:
            await self.app(_without_length(scope) if PLACE in scope.get("path", "") else scope, receive, send)


@asynccontextmanager
async def let_go_of_ended_sessions(app: object) -> AsyncIterator[None]:
    """While the server runs, drop sessions that nobody came back to, and their uploads; else they stay until the next visitor comes.

    What pages leave behind in memory is collected here too, now and then rather than after each run of a page.
    """
    task = asyncio.create_task(_janitor())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _janitor() -> None:
    while True:
        await asyncio.sleep(EVERY)
        if Runtime.exists() and (expire(Runtime.instance()) or Runtime.instance().state is RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED):
            await asyncio.to_thread(collect)


def collect() -> None:
    """Collect what pages left behind, and once Keras is loaded look no more at what was there by then.

    Nothing else runs meanwhile, for half a second where all that Keras and TensorFlow are made of is looked through, and a tenth where not.
    """
    gc.collect()
    if "keras" in sys.modules and not gc.get_freeze_count():
        gc.freeze()


def expire(runtime: Runtime) -> int:
    """Drop the sessions whose time is up; how many there were. Streamlit itself looks when it needs its store next."""
    return len(runtime._session_mgr._session_storage._cache.expire() or ())


def _without_length(scope: Scope) -> Scope:
    """The request without its stated length, where a file of the allowed size and its form fit into that.

    Streamlit holds the length of the whole form against the size of a file, so that the largest files that the page offers to take would be
    refused; what it counts while it reads, and the size of the file that comes out, it still refuses beyond the limit.
    """
    length = dict(scope["headers"]).get(b"content-length", b"")
    if not length.isdigit() or int(length) > config.get_option("server.maxUploadSize") * 2**20 + FRAME:
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"content-length"]}


def _has_room(scope: Scope) -> bool:
    """Whether a request says how large it is, and that fits beside what is kept of its session and of all."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    if not length.isdigit() or not Runtime.exists():
        return not Runtime.exists()
    session = scope["path"].partition(PLACE)[2].split("/")[0]
    store = Runtime.instance().uploaded_file_mgr.file_storage
    kept = {name: sum(len(file.data) for file in list(files.values())) for name, files in list(store.items())}
    return kept.get(session, 0) + int(length) <= ROOM and sum(kept.values()) + int(length) <= room_for_uploads()
