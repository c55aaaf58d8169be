"""A training in a process of its own, whose answer is waited for."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence


def train_apart(arguments: Sequence[str]) -> tuple[str | None, str, str]:
    """``python -m core train`` in a process of its own: its memory is measured alone, and a crash takes nothing with it.

    Parameters
    ----------
    arguments : sequence of str
        Of the command. What it says of its progress goes to standard error.

    Returns
    -------
    run : str or None
    status : {"trained", "failed"}
    reason : str
        Why it failed; empty otherwise.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "train", *arguments, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    last = ""
    for line in process.stderr or ():
        print(line, end="", file=sys.stderr)
        last = line if line.startswith("error:") else last
    answer = process.stdout.read() if process.stdout else ""
    if process.wait() != 0 and not answer:  # one that was interrupted says how far it came
        return None, "failed", last.removeprefix("error:").strip() or "the process died"
    found = json.loads(answer)
    return (found["run"], "trained", "") if found["status"] == "finished" else (found["run"], "failed", f"it was {found['status']}")
