"""How long a page takes to open: a browser's first visit, a visitor who was here before, and an empty Streamlit page beside them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figure import Figure

ROUNDS = 5
VIEW = {"width": 1440, "height": 900}
PATIENCE = 300_000  # milliseconds: the first opening of a million rows reads, codes and counts them
EMPTY = "import streamlit as st\nst.set_page_config(layout='wide')\nst.container(key='empty').write('Empty')\n"
EMPTY_CONTENT = ".st-key-empty"


def empty_page(scratch: Path) -> Path:
    """The script of a page that shows one word."""
    script = scratch / "empty.py"
    script.write_text(EMPTY)
    return script


def openings(browser, url: str, ready: Callable, theirs: str, title: str, limit: float):
    """The first opening of all, then medians of openings in fresh sessions, in turn with the empty page; `ready` waits for a page."""
    empty = first_content(EMPTY_CONTENT)
    first = opening(browser, url, ready)
    known = browser.new_context(viewport=VIEW)  # has Streamlit's program in its cache, as whoever was here before
    opening(known, url, ready)
    rounds = [(opening(known, url, ready), opening(browser, url, ready), opening(browser, theirs, empty)) for _ in range(ROUNDS)]
    again, mine, plain = (statistics.median(times) for times in zip(*rounds, strict=True))
    known.close()
    yield Figure(f"{title}: page, server and browser warm", f"{again:.2f} s {held(again, limit)}")
    other = f"an empty Streamlit page, {plain:.2f} s"
    yield Figure(f"{title}: page, a browser's first visit", f"{mine:.2f} s {held(mine, limit)}", other, plain / mine)
    yield Figure(f"{title}: page, first opening", f"{first:.1f} s")


def opening(visitor, url: str, ready: Callable) -> float:
    """Seconds until a fresh session's page is ready, for a browser, whose cache is empty, or a context, which has what it opened before."""
    page = visitor.new_page() if hasattr(visitor, "clear_cookies") else visitor.new_page(viewport=VIEW)
    page.set_default_timeout(PATIENCE)
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    ready(page)
    seconds = time.perf_counter() - began
    page.close()
    return seconds


def first_content(selector: str) -> Callable:
    """Waits until an element is there and has content."""

    def ready(page) -> None:
        page.wait_for_selector(f"{selector} >> visible=true")
        page.wait_for_function(
            "s => document.querySelector(s).innerText.trim() || document.querySelector(s).querySelector('svg,canvas,img')", arg=selector
        )

    return ready


def held(value: float, limit: float, text: str = "") -> str:
    """``(limit 2.5 s: held)``."""
    return f"(limit {text or f'{limit:g} s'}: {'held' if value < limit else 'MISSED'})"
