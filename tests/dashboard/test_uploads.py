"""Uploads are bounded by session and in all, and let go when their session ended."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from streamlit import config
from streamlit.runtime import Runtime, RuntimeState
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core.images import MAX_BYTES
from dashboard import uploads

KEPT = MultiPartParser.spool_max_size


@pytest.fixture
def store(monkeypatch):
    """The store of uploads of a server that runs."""
    kept = MemoryUploadedFileManager("/_stcore/upload_file")
    server = type("Server", (), {"uploaded_file_mgr": kept})()
    monkeypatch.setattr(Runtime, "exists", classmethod(lambda cls: True))
    monkeypatch.setattr(Runtime, "instance", classmethod(lambda cls: server))
    return kept


def answer(session, length, method="PUT", path=uploads.PLACE):
    """The status of an upload of so many bytes: 204 where it went on to Streamlit."""
    sent = []

    async def accept(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})

    async def send(message):
        sent.append(message)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    scope = {"type": "http", "method": method, "path": f"{path}{session}/file", "headers": headers}
    with ThreadPoolExecutor(1) as apart:  # a test of the browser may have left a loop in this thread
        apart.submit(asyncio.run, uploads.BoundedUploads(accept)(scope, None, send)).result()
    return sent[0]["status"]


def test_a_session_and_all_sessions_have_their_room(store, monkeypatch):
    monkeypatch.setattr(uploads, "ROOM", 100)
    monkeypatch.setattr(uploads, "room_for_uploads", lambda: 150)
    assert answer("a", 100) == 204 and answer("a", 101) == 413
    store.add_file("a", UploadedFileRec("1", "film.png", "image/png", b"x" * 60))
    assert answer("a", 40) == 204 and answer("a", 41) == 413
    assert answer("b", 90) == 204 and answer("b", 91) == 413, "all of them together"
    store.remove_session_files("a")
    assert answer("a", 100) == 204
    assert answer("a", None) == 413, "one that does not say how large it is"
    assert answer("a", 10**9, "GET") == 204 and answer("a", 10**9, path="/media/") == 204


def test_what_the_page_offers_is_what_the_server_takes():
    """Streamlit's uploader offers ``server.maxUploadSize`` unless a page says otherwise; none does."""
    config.get_config_options(force_reparse=True)
    sources = Path(uploads.__file__).parent.rglob("*.py")
    assert config.get_option("server.maxUploadSize") * 2**20 == MAX_BYTES
    assert not [source for source in sources if "max_upload_size" in source.read_text(encoding="utf-8")]


def test_sessions_that_ended_are_let_go_without_another_visitor():
    storage = MemorySessionStorage(ttl_seconds=120)
    server = type("Server", (), {"_session_mgr": type("Manager", (), {"_session_storage": storage})()})()
    storage._cache["left"] = "a session that may come back"
    assert uploads.expire(server) == 0
    storage._cache = type(storage._cache)(maxsize=9, ttl=0)
    storage._cache["gone"] = "its time is up"
    assert uploads.expire(server) == 1


async def received(body):
    async def stream():
        yield body

    form = await MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=x"}), stream()).parse()
    return form["film"].file


def test_a_file_that_is_received_never_touches_the_disk(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", KEPT)
    uploads.keep_off_the_disk()
    body = b'--x\r\nContent-Disposition: form-data; name="film"; filename="film.png"\r\n\r\n' + bytes(3 * 2**20) + b"\r\n--x--\r\n"
    with ThreadPoolExecutor(1) as apart:
        file = apart.submit(asyncio.run, received(body)).result()
    assert not file._rolled and file.seek(0, 2) == 3 * 2**20
    assert MultiPartParser.spool_max_size > 64 * 2**20


def test_garbage_is_not_collected_after_every_run_of_a_page():
    """It holds up what the page sent last, and every other session, for longer the more is loaded."""
    config.get_config_options(force_reparse=True)
    assert config.get_option("runner.postScriptGC") is False


def test_what_keras_is_made_of_is_looked_through_once(monkeypatch):
    calls, frozen = [], [0]
    monkeypatch.setattr(uploads.gc, "collect", lambda: calls.append("collect"))
    monkeypatch.setattr(uploads.gc, "freeze", lambda: (calls.append("freeze"), frozen.append(1000)))
    monkeypatch.setattr(uploads.gc, "get_freeze_count", lambda: frozen[-1])
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    uploads.collect()
    monkeypatch.setitem(sys.modules, "keras", uploads)
    uploads.collect()
    uploads.collect()
    assert calls == ["collect", "collect", "freeze", "collect"]


def test_garbage_is_collected_while_somebody_is_there(monkeypatch):
    collected, server = [], type("Server", (), {"state": RuntimeState.ONE_OR_MORE_SESSIONS_CONNECTED})()
    monkeypatch.setattr(Runtime, "exists", classmethod(lambda cls: True))
    monkeypatch.setattr(Runtime, "instance", classmethod(lambda cls: server))
    monkeypatch.setattr(uploads, "EVERY", 0.01)
    monkeypatch.setattr(uploads, "expire", lambda runtime: 0)
    monkeypatch.setattr(uploads.gc, "collect", lambda: collected.append(server.state))

    async def a_while():
        async with uploads.let_go_of_ended_sessions(None):
            while not collected:
                await asyncio.sleep(0.01)
            server.state = RuntimeState.NO_SESSIONS_CONNECTED
            seen = len(collected) + 1  # one may be under way
            await asyncio.sleep(0.1)
        return seen

    with ThreadPoolExecutor(1) as apart:
        seen = apart.submit(asyncio.run, a_while()).result(30)
    assert len(collected) <= seen


@pytest.mark.parametrize(("beyond", "stated"), [(300, False), (2**20, False), (2**20 + 1, True)])
def test_the_form_around_the_largest_file_does_not_count(beyond, stated):
    """A file of just the size that the page offers comes in a form that is longer."""
    scope = {"headers": [(b"content-length", str(64 * 2**20 + beyond).encode()), (b"host", b"x")]}
    config.get_config_options(force_reparse=True)
    assert dict(uploads._without_length(scope)["headers"]) == ({b"host": b"x"} | (dict(scope["headers"]) if stated else {}))
