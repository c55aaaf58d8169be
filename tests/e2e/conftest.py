"""A real dashboard on loopback and a real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE = 90_000  # milliseconds; the first model that a page loads brings TensorFlow with it


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; its absence fails where CI demands one and skips elsewhere."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path and os.environ.get("PNEUMOLENS_REQUIRE_BROWSER"):
        pytest.fail("no Chromium is installed, and PNEUMOLENS_REQUIRE_BROWSER is set")
    if not path:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    return path


@pytest.fixture(scope="session")
def browser(chromium):
    """One browser for all tests."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def dashboard(phantoms, tmp_path_factory) -> str:
    """Address of a dashboard on phantoms, with the shipped finished runs in a models folder of its own."""
    models = tmp_path_factory.mktemp("models")
    for run in (PROJECT / "models").iterdir():
        if (run / "predictions.parquet").exists():
            shutil.copytree(run, models / run.name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PNEUMOLENS_DATA": str(phantoms), "PNEUMOLENS_MODELS": str(models)}
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.address", "127.0.0.1", "--server.port", str(port)]
    log = (tmp_path_factory.mktemp("log") / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def page(browser, dashboard):
    """A fresh tab; the test fails if the page showed an exception or logged an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=dashboard, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if is_ours(message) else None)
    yield page
    assert page.locator("[data-testid=stException]").count() == 0
    assert not errors
    context.close()


def is_ours(message) -> bool:
    """Errors, but for Streamlit's own probe of its health address below a page's path, which answers 404."""
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


def _wait_until_healthy(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no server at {url}")
