"""Start, follow and stop a training: a process of its own that survives a page reload and the dashboard's end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from core.config import RunConfig
from core.runs import LIVE_STATES, Run, create_run, list_runs

PROJECT = Path(__file__).parents[1]


def start(config: RunConfig, data: str) -> Run:
    """Make a queued run and train it in the background.

    Parameters
    ----------
    config : RunConfig
    data : str
        Where the images lie.

    Returns
    -------
    Run
    """
    run = create_run(config, data)
    launch(run)
    return run


def launch(run: Run) -> None:
    """Train a queued, stopped or failed run in the background; its output goes to the run's log."""
    with run.log_path.open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "core", "train", "--resume", str(run.path)],
            cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=dict(os.environ),
        )  # fmt: skip


def stop(run: Run) -> None:
    """Ask a training to stop; it keeps its best model. Does nothing if it is not running here."""
    status = run.status
    if status.get("state") == "running" and psutil.pid_exists(status.get("pid", -1)):
        os.kill(status["pid"], signal.SIGTERM)


def live_runs() -> list[Run]:
    """Runs that are queued or training now, newest first."""
    return [run for run in list_runs()[0] if run.state in LIVE_STATES]


def log_tail(run: Run, n_lines: int = 20) -> str:
    """The last lines that the training printed; progress bars are reduced to their last state."""
    try:
        text = run.log_path.read_bytes()[-20_000:].decode("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join([line.rsplit("\r", 1)[-1] for line in text.splitlines() if line.strip()][-n_lines:])
