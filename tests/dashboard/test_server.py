"""What the server answers, and to which names."""

import asyncio
import importlib.metadata
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit import config
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed
from streamlit.testing.v1 import AppTest

from dashboard.server import HEADERS, OwnHostOnly, leave_keras_alone, look_for_no_components


def answer(*headers):
    """Status and headers of an answer to a request with these headers."""
    sent = []

    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        sent.append(message)

    with ThreadPoolExecutor(1) as apart:  # a test of the browser may have left a loop in this thread
        apart.submit(asyncio.run, OwnHostOnly(page)({"type": "http", "headers": list(headers)}, None, send)).result()
    return sent[0]["status"], {name.decode().lower() for name, _ in sent[0]["headers"]}


@pytest.mark.parametrize(
    ("host", "status"),
    [(b"localhost:8501", 200), (b"127.0.0.1", 200), (b"xray.example.org", 200), (b"evil.example", 403), (b"", 403), (b"a@localhost", 403)],
)
def test_only_its_own_names_are_answered(monkeypatch, host, status):
    asked = config.get_option
    names = ["localhost", "127.0.0.1", "xray.example.org"]
    monkeypatch.setattr(config, "get_option", lambda name: names if name == "server.allowedHosts" else asked(name))
    assert answer((b"host", host)) == (status, answer((b"host", host))[1])
    assert {name.lower() for name in HEADERS} <= answer((b"host", host))[1]


def test_no_name_is_refused(monkeypatch):
    asked = config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: ["localhost"] if name == "server.allowedHosts" else asked(name))
    assert answer()[0] == 403


def test_no_installed_package_is_read_in_search_of_parts_of_pages(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "distributions", lambda **_: pytest.fail("the installed packages are read"))
    look_for_no_components()
    BidiComponentManager().discover_and_register_components(start_file_watching=False)


def test_a_drawn_page_leaves_keras_as_it_is(monkeypatch):
    forgotten = []
    monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: forgotten.append("all"))))
    page = AppTest.from_string("import streamlit as st\nst.write('drawn')")
    leave_keras_alone()
    assert page.run().markdown[0].value == "drawn"
    assert not forgotten


def test_a_large_chart_is_always_sent_whole():
    """By its name alone it may reach a browser that has just let go of it, whose page is then dead."""
    config.get_config_options(force_reparse=True)
    message = ForwardMsg()
    message.delta.new_element.html.body = "x" * 2**24
    populate_hash_if_needed(message)
    assert message.hash and not message.metadata.cacheable
