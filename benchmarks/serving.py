"""A Streamlit server on loopback for the time of a block."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


WITH_WINDOWS, WITHOUT = ("chromium", "chromium-browser", "google-chrome"), ("chromium-headless-shell",)


def browser_path(names: tuple[str, ...] = WITH_WINDOWS + WITHOUT) -> str | None:
    """Where the first of these browsers is; figures are read in one with windows, as visitors have it, where there is one."""
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def serving(script: Path, log: Path | None = None, **environment: str):
    """Serve a script with more environment variables, what it says into a file if one is named; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.address", "127.0.0.1"]
    with (log or Path(os.devnull)).open("ab") as said:
        process = subprocess.Popen(command, cwd=PROJECT, env=os.environ | environment, stdout=said, stderr=said)
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_healthy(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no server at {url}")
