"""What follows from a run's stored scores, kept on disk: a server that starts anew does not draw a thousand bootstraps again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.files import cache_dir, changed_ns, write_json
from core.files.regular import read_regular
from core.runs.run import CARD, CONFIG, PREDICTIONS, SPLIT

if TYPE_CHECKING:
    from core.runs.run import Run

MOST = 2**28  # bytes of a file
FILES = (CONFIG, PREDICTIONS, CARD, SPLIT)


def kept(run: Run, what: str, compute: Callable[[], dict], files: tuple[str, ...] = FILES) -> dict:
    """A result that follows from a run's files, computed once for their content and this program's way of measuring.

    Parameters
    ----------
    run : Run
    what : str
        Which result, with all that it depends on besides the files.
    compute : callable
        Gives what JSON can hold.
    files : tuple of str
        Those of the run that the result follows from.

    Returns
    -------
    dict
    """
    place = _place(run, what, files)
    if place:
        with suppress(OSError, ValueError, RecursionError):
            found = json.loads(read_regular(place, MOST))
            if isinstance(found, dict):
                return found
    result = compute()
    if place:
        with suppress(InputError, OSError):  # a full disk keeps nothing, and the result is here
            write_json(place, result)
    return result


def _place(run: Run, what: str, files: tuple[str, ...]) -> Path | None:
    """Where a result is kept; None for a run of which a file cannot be read."""
    digest = hashlib.sha256(f"{_program()}\n{what}\n".encode())
    try:
        for name in files:
            file = run.path / name
            digest.update(name.encode() + (_content(file, *_stamp(file)) if file.exists() else b"-"))
    except OSError:
        return None
    return cache_dir("measured") / f"{digest.hexdigest()[:32]}.json"


def _stamp(file: Path) -> tuple[int, int]:
    facts = file.stat()
    return changed_ns(facts), facts.st_size


@lru_cache(maxsize=10_000)
def _content(file: Path, modified: int, size: int) -> bytes:
    """A digest of a file, read once for all results that follow from it."""
    return hashlib.sha256(read_regular(file, MOST)).digest()


@cache
def _program() -> str:
    """A digest of the core, so that no number of another version is taken for one of this: what is kept is measured all over it."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
