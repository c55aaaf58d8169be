"""The script of the browser's history stands in the page that Streamlit serves, and in no other answer."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import streamlit

from dashboard.components.history import MARK, NOT_ASKED, SCRIPT, OneEntryAStep

PAGE = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()


def answer(body: bytes, kind: bytes, accept: bytes):
    """What is sent for a request that was answered in two parts, and the request's headers that the server saw."""
    seen, sent = [], []

    async def server(scope, receive, send):
        seen.extend(name for name, _ in scope["headers"])
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:300], "more_body": True})
        await send({"type": "http.response.body", "body": body[300:]})

    async def send(message):
        sent.append(message)

    headers = [(b"accept", accept), *((name, b"1") for name in NOT_ASKED), (b"host", b"localhost")]
    with ThreadPoolExecutor(1) as apart:  # a test of the browser may have left a loop in this thread
        apart.submit(asyncio.run, OneEntryAStep(server)({"type": "http", "method": "GET", "headers": headers}, None, send)).result()
    return sent, seen


def test_the_page_has_the_script_before_streamlits_own():
    sent, seen = answer(PAGE, b"text/html; charset=utf-8", b"text/html,*/*;q=0.8")
    start, whole = sent
    assert whole["body"] == PAGE.replace(MARK, MARK + SCRIPT)
    assert PAGE.count(MARK) == 1 and whole["body"].index(SCRIPT) < whole["body"].index(b'type="module"')
    assert dict(start["headers"])[b"content-length"] == str(len(PAGE) + len(SCRIPT)).encode()
    assert seen == [b"accept", b"host"], "in plain, and anew for a browser that knows the page with another script"


@pytest.mark.parametrize(
    ("body", "kind", "accept", "n_parts"),
    [
        (PAGE, b"text/plain", b"text/html", 3),  # as it was sent, in parts
        (PAGE, b"text/html", b"*/*", 3),  # not opened as a page
        (b"<html><head><title>A report</title></head></html>", b"text/html", b"text/html", 2),
    ],
)
def test_other_answers_are_left_as_they_are(body, kind, accept, n_parts):
    sent, _ = answer(body, kind, accept)
    assert len(sent) == n_parts
    assert b"".join(one.get("body", b"") for one in sent) == body
    assert dict(sent[0]["headers"])[b"content-length"] == str(len(body)).encode()
