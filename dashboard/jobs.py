"""Start, follow and stop a training: a process of its own that survives a page reload and the dashboard's end."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import psutil

from core.config import RunConfig
from core.files import writing
from core.paths import typed_path
from core.run import LIVE_STATES, Run
from core.runs import create_run

PROJECT = Path(__file__).parents[1]
QUEUED_SECONDS = 120  # a command line that made a run needs some seconds to load Keras before it trains


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

    Raises
    ------
    InputError
        If the folder of runs cannot be written to.
    """
    run = create_run(config, data)
    launch(run)
    return run


def launch(run: Run, data: str | None = None) -> None:
    """Train a queued, stopped or failed run in the background; its output goes to the run's log.

    Parameters
    ----------
    run : Run
    data : str, optional
        Where the images lie, if the run does not know.
    """
    command = [sys.executable, "-m", "core", "train", "--resume", str(run.path.resolve())]
    if data:
        command += ["--data", str(typed_path(data).resolve())]
    with writing(run.log_path), run.log_path.open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=dict(os.environ),
        )  # fmt: skip
    run.write_status("queued", pid=process.pid, host=platform.node())  # Keras takes seconds to load before the run says more
    threading.Thread(target=_reap, args=(process, run), daemon=True).start()


def stop(run: Run) -> None:
    """Ask a training to stop; it keeps its best model. Does nothing if it does not run on this machine."""
    status = run.status
    if status.get("state") in LIVE_STATES and status.get("host") == platform.node() and psutil.pid_exists(status.get("pid", -1)):
        os.kill(status["pid"], signal.SIGTERM)


def is_waiting(run: Run) -> bool:
    """Whether a run is queued with no process to train it, as when the machine went down in between: it can be launched."""
    status = run.status
    if status.get("state") != "queued":
        return False
    if "pid" in status and status.get("host") == platform.node():
        return not psutil.pid_exists(status["pid"])
    age = datetime.now(UTC) - datetime.fromisoformat(status.get("heartbeat", "1970-01-01T00:00:00+00:00"))
    return age.total_seconds() > QUEUED_SECONDS


def _reap(process: subprocess.Popen, run: Run) -> None:
    """Wait for a training to end, and say why where it could not say so itself. A process nobody waits for looks alive."""
    code = process.wait()
    if not run.path.exists():
        return
    if run.state in ("queued", "failed") and code == -signal.SIGTERM:
        run.write_status("stopped", reason="asked to stop before the first step", epoch=len(run.history))
    elif run.state == "queued":
        run.write_status("failed", reason="the training process ended before it began; its log says more")


def log_tail(run: Run, n_lines: int = 20) -> str:
    """The last lines that the training printed; progress bars are reduced to their last state."""
    try:
        text = run.log_path.read_bytes()[-20_000:].decode("utf-8", errors="replace")
    except OSError:
        return ""
    lines = [line.rstrip().rsplit("\r", 1)[-1] for line in text.split("\n") if line.strip()]
    return "\n".join(lines[-n_lines:])
