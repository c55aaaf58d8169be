"""What a process apart is asked to do in tests: functions of a module, as it finds them by name."""

from __future__ import annotations

import os
import time
from pathlib import Path

from core.errors import InputError


def count(n, progress):
    for number in range(n):
        progress(number + 1, n)
    return sum(range(n))


def own_number(progress):
    return os.getpid()


def refuse(progress):
    raise InputError("no such layer")


def note_steps(path, n, progress):
    for number in range(n):
        with Path(path).open("a") as file:
            file.write(f"{number} ")
        progress(number + 1, n)


def stand_still(progress):
    time.sleep(600)
