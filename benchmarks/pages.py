"""First content of Overview, Data and Compare in a browser, warm, against an empty Streamlit page."""

from __future__ import annotations

import shutil
import statistics
import time
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.serving import CHROMIUM_FLAGS, PROJECT, serving
from benchmarks.sources import Sources

CONTENT = {"/": ".st-key-overview_leaderboard", "/data": ".st-key-data_balance", "/compare": ".st-key-compare_curves"}
ROUNDS = 5


def run(sources: Sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    empty = scratch / "empty.py"
    empty.write_text("import streamlit as st\nst.set_page_config(layout='wide')\nwith st.container(key='empty'):\n    st.write('Empty')\n")
    with serving(PROJECT / "dashboard" / "app.py") as ours, serving(empty) as theirs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
        for path, selector in CONTENT.items():
            pairs = [
                (first_content(browser, ours + path, selector), first_content(browser, theirs, ".st-key-empty")) for _ in range(ROUNDS + 1)
            ]
            mine, plain = (statistics.median(times) for times in zip(*pairs[1:], strict=True))
            yield Figure(
                f"first content of {path}, median of {ROUNDS}", f"{mine:.2f} s", f"an empty Streamlit page, {plain:.2f} s", plain / mine
            )
        browser.close()


def first_content(browser, url: str, selector: str) -> float:
    """Seconds from navigation in a fresh session until the element is there and has content."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(f"{selector} >> visible=true", timeout=60_000)
    page.wait_for_function(
        "s => document.querySelector(s).innerText.trim() || document.querySelector(s).querySelector('svg,canvas,img')", arg=selector
    )
    seconds = time.perf_counter() - began
    page.close()
    return seconds
