"""What a run's owner says of it: a name, a note, whether it is the baseline, whether it is archived.

Kept in ``about.json`` beside the run's files, so that it travels with the run and no result changes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.files import write_json
from core.files.regular import read_regular

if TYPE_CHECKING:
    from core.runs.run import Run

ABOUT = "about.json"
MAX_NAME, MAX_NOTE = 80, 2000  # characters
MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class About:
    """What is written beside a run.

    Attributes
    ----------
    name : str
        What its owner calls it, one line of at most 80 characters; empty if it goes by its settings.
    note : str
        At most 2,000 characters.
    baseline : bool
        Whether the others are set against it; true for at most one run of a folder.
    archived : bool
        Whether it is left out of leaderboards and pickers until asked for.
    """

    name: str = ""
    note: str = ""
    baseline: bool = False
    archived: bool = False


def read_about(run: Run) -> About:
    """What is written beside a run; nothing where there is none or it cannot be read, for a run is usable without it.

    Parameters
    ----------
    run : Run

    Returns
    -------
    About
    """
    try:
        content = json.loads(read_regular(run.path / ABOUT, MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return About()
    if not isinstance(content, dict):
        return About()
    name, note = (_text(content[key], limit)[:limit] if isinstance(content.get(key), str) else "" for key, limit in _TEXTS.items())
    return About(name, note, content.get("baseline") is True, content.get("archived") is True)


def write_about(run: Run, **fields: str | bool) -> About:
    """Change some of what is written beside a run.

    Parameters
    ----------
    run : Run
    **fields
        Any of `About`'s.

    Returns
    -------
    About
        All that is written beside it now.

    Raises
    ------
    InputError
        If a name or note is too long, or the run's folder cannot be written to.
    """
    texts = {key: _checked(key, _text(str(value), _TEXTS[key])) for key, value in fields.items() if key in _TEXTS}
    changed: dict[str, Any] = fields | texts
    about = replace(read_about(run), **changed)
    write_json(run.path / ABOUT, asdict(about))
    return about


def pin_baseline(run: Run | None, runs: Iterable[Run]) -> None:
    """Make a run the baseline, and no other of `runs`; None takes the pin away.

    Parameters
    ----------
    run : Run or None
    runs : iterable of Run
        All of the folder.
    """
    for other in runs:
        wanted = run is not None and other.path == run.path
        if read_about(other).baseline != wanted:
            write_about(other, baseline=wanted)


_TEXTS = {"name": MAX_NAME, "note": MAX_NOTE}


def _text(value: str, limit: int) -> str:
    """Without control characters and surrounding blanks; a name is one line."""
    kept = "\n\t" if limit == MAX_NOTE else ""
    cleaned = "".join(c if c in kept or unicodedata.category(c)[0] != "C" else " " for c in str(value))
    return cleaned.strip() if kept else " ".join(cleaned.split())


def _checked(key: str, text: str) -> str:
    if len(text) > _TEXTS[key]:
        raise InputError(f"A {key} may have at most {_TEXTS[key]:,} characters; received {len(text):,}.")
    return text
