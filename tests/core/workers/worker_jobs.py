"""Functions that a worker finds by their name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from core.errors import InputError


def square(number: int) -> int:
    return number * number


def with_state(state: list, number: int) -> tuple[int, int, int]:
    """The process, how many items it had before, and the number."""
    state.append(number)
    return os.getpid(), len(state), number


def empty() -> list:
    return []


def cannot_start() -> None:
    raise InputError("there is no model")


def refuse_odd(number: int) -> int:
    if number % 2:
        raise InputError(f"{number} is odd")
    return number


def die_once(place: tuple[Path, int]) -> int:
    """Kills its process when it sees the number 2 for the first time."""
    folder, number = place
    times = len(list(folder.glob(f"{number}-*")))
    (folder / f"{number}-{times}").touch()
    if number == 2 and not times:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once_with_state(state: list, place: tuple[Path, int]) -> int:
    return die_once(place)


def always_die(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def tidy_up(folder: Path) -> None:
    """Works for a minute, and leaves a note where it is interrupted."""
    (folder / "began").touch()
    try:
        for _ in range(600):
            time.sleep(0.1)
    except KeyboardInterrupt:
        (folder / "tidied").touch()
        raise


def unsendable(number: int) -> object:
    return (lambda: None) if number else 0
