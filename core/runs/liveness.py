"""Whether the process that wrote a status still lives: by process on this host, by heartbeat on another."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from core.runs.status import Status

SILENCE_SECONDS = 600


def now() -> str:
    """The time now, ISO 8601, UTC, to the second.

    Returns
    -------
    str
    """
    return datetime.now(UTC).isoformat(timespec="seconds")


def identity() -> dict:
    """What tells this process from a later one of the same number.

    Returns
    -------
    dict
    """
    return process_identity(os.getpid())


def process_identity(pid: int) -> dict:
    """The same of another process of this host; raises psutil.Error if there is none of that number.

    Parameters
    ----------
    pid : int

    Returns
    -------
    dict
    """
    return {"host": platform.node(), "pid": pid, "process_started": psutil.Process(pid).create_time()}


def is_alive(status: Status) -> bool:
    """Whether the process that wrote a status still lives; on another host only its heartbeat can tell.

    Parameters
    ----------
    status : Status

    Returns
    -------
    bool
    """
    if status.host != platform.node():
        return silence(status) < SILENCE_SECONDS
    try:
        return abs(psutil.Process(-1 if status.pid is None else status.pid).create_time() - (status.process_started or 0)) < 2
    except (psutil.Error, ValueError, TypeError, OverflowError):
        return False


def silence(status: Status) -> float:
    """Seconds since the heartbeat; infinite if there is none that can be read.

    Parameters
    ----------
    status : Status

    Returns
    -------
    float
        In seconds.
    """
    try:
        return (datetime.now(UTC) - datetime.fromisoformat(status.heartbeat)).total_seconds()
    except (TypeError, ValueError):
        return float("inf")
