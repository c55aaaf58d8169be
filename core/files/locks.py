"""A lock that a process holds by a file and loses when it ends, however it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from core.files import ANOTHER, writing
from core.files.regular import open_regular

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # the other system has none
    import msvcrt

RETRY_SECONDS = 0.05


@contextmanager
def locked(path: Path, patience: float = 10.0, advice: str = ANOTHER) -> Iterator[bool]:
    """Hold a lock inside the block.

    Parameters
    ----------
    path : Path
        An empty file, made where there is none; it stays.
    patience : float
        Seconds to wait for another process; 0 to try once.
    advice : str
        What to do where the folder cannot be written to.

    Yields
    ------
    bool
        Whether it could be had.

    Raises
    ------
    InputError
        If the folder of the file cannot be written to.
    """
    with writing(path, advice):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    with file:
        end = time.monotonic() + patience
        while not (mine := _try(file)) and time.monotonic() < end:
            time.sleep(RETRY_SECONDS)
        try:
            yield mine
        finally:
            if mine:
                _release(file)  # by closing it alone, a process forked meanwhile would hold it on


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock now.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    try:
        file = open_regular(path)  # of a folder that may be somebody else's: read-only, or with a pipe in the lock's place
    except OSError:
        return False
    with file:
        mine = _try(file, alone=False)
        if mine:
            _release(file)
        return not mine


def _try(file: IO[bytes], alone: bool = True) -> bool:
    with suppress(OSError):
        if fcntl:
            fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # known on Windows alone
        return True
    return False


def _release(file: IO[bytes]) -> None:
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_UN)
    else:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]  # known on Windows alone
