"""The most memory that the processes have had which decode images for the gate."""

from __future__ import annotations

import re
from pathlib import Path

from core.images import gate


def forget_peaks() -> None:
    """Peaks are counted anew, from what a process holds now; where Linux cannot be asked to, fresh processes are taken."""
    try:
        for process in gate.POOL._idle:
            Path(f"/proc/{process._process.pid}/clear_refs").write_text("5")
    except OSError:
        gate.POOL.end()


def peak() -> int:
    """In bytes; 0 if no process is left."""
    files = [Path(f"/proc/{process._process.pid}/status") for process in gate.POOL._idle]
    return max((int(re.search(r"VmHWM:\s*(\d+)", file.read_text())[1]) * 1024 for file in files), default=0)
