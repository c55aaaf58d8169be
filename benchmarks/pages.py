"""First content of Overview, Data and Compare in a browser, warm, against an empty Streamlit page."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from benchmarks.sources import Sources

PROJECT = Path(__file__).parents[1]
CONTENT = {"/": ".st-key-overview_leaderboard", "/data": ".st-key-data_balance", "/compare": ".st-key-compare_curves"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
ROUNDS = 5


def run(sources: Sources, scratch: Path):
    from playwright.sync_api import sync_playwright

    empty = scratch / "empty.py"
    empty.write_text("import streamlit as st\nst.set_page_config(layout='wide')\nwith st.container(key='empty'):\n    st.write('Empty')\n")
    with serving(PROJECT / "dashboard" / "app.py") as ours, serving(empty) as theirs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for path, selector in CONTENT.items():
            pairs = [
                (first_content(browser, ours + path, selector), first_content(browser, theirs, ".st-key-empty")) for _ in range(ROUNDS + 1)
            ]
            mine, plain = (statistics.median(times) for times in zip(*pairs[1:], strict=True))
            yield f"{path} {mine:.2f} s, empty page {plain:.2f} s: {mine - plain:.2f} s later ({mine / plain:.2f} times), {ROUNDS} rounds"
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


@contextmanager
def serving(script: Path):
    """A Streamlit server on loopback for the time of the block; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.address", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=PROJECT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_until_healthy(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no server at {url}")
