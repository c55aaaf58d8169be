"""A command that ends when its parent does: ``python -m core.training.processes.tied PARENT COMMAND…``.

A training whose worker was killed would otherwise go on alone, and keep the worker that takes its place from the run.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux, see prctl(2); it stays set in the program that takes this one's place


def main(parent: int, command: list[str]) -> None:
    """Become the command, to be killed when the process `parent` ends; on other systems than Linux, become it alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before
            sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
