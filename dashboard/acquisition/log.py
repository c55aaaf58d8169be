"""What the log of a command says: how far its progress bar is, and why it failed."""

from __future__ import annotations

import re

BAR = re.compile(r"(?:(\w+):\s+)?(\d+)%\|[^|]*\|\s*(\S+)/(\S+) \[[^<\]]*<([\d:]+|\?)")
STAGES = {"indexing": "measuring the images, ", "decoding": "decoding, ", "features": "features, ", "grouping": "grouping, "}


def progress_in(log: str) -> tuple[float, str, float | None]:
    """Part done, in [0, 1], how much of how much, and seconds left, by the last state of its bar."""
    found = BAR.findall(log)
    if not found:
        return 0.0, "", None
    stage, percent, done, total, left = found[-1]
    amount = f"{STAGES.get(stage, '')}{_unit(done)} of {_unit(total)}"
    return min(1.0, int(percent) / 100), amount, None if left == "?" else _seconds(left)


def _unit(amount: str) -> str:
    """``1.05 GB`` for ``1.05G``; a number of images as it is."""
    return f"{amount[:-1]} {amount[-1]}B" if amount[-1] in "kMGT" else amount


def _seconds(clock: str) -> float:
    """``1:02:03`` or ``02:03`` in seconds."""
    seconds = 0
    for part in clock.split(":"):
        seconds = 60 * seconds + int(part or 0)
    return float(seconds)


def reason_in(log: str) -> str:
    """Why the command failed, by its last error."""
    lines = [line for line in re.split(r"[\r\n]", log) if line.startswith("error: ")]
    return lines[-1].removeprefix("error: ") if lines else "The process ended without a word, as when memory runs out; start it again."
