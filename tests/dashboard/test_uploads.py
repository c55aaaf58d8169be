"""Uploads are bounded by session and in all, and let go when their session ended."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core.images import MAX_BYTES
from dashboard import uploads


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
