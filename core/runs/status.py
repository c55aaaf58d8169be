"""What ``status.json`` says of a training."""

from __future__ import annotations

from typing import Any, Literal

from core.runs.fields import Amount, Count, Fields, Text


class Status(Fields):
    """``status.json``; what `core.runs.liveness` asks of the process is judged there."""

    state: Literal["queued", "running", "stopped", "failed", "finished"]
    heartbeat: Any = None
    pid: Any = None
    process_started: Any = None
    host: Text | None = None
    reason: Text | None = None
    phase: Text | None = None
    epoch: Count | None = None
    epochs: Count | None = None
    step: Count | None = None
    steps: Count | None = None
    done: Count | None = None
    total: Count | None = None
    eta_seconds: Amount | None = None
    expected_seconds: Amount | None = None
    waiting: bool | None = None
