"""The part of a Markdown file that is written by a command: what stands between two marks."""

from __future__ import annotations

from pathlib import Path

from core.errors import InputError
from core.files import replacing


def marks(name: str) -> tuple[str, str]:
    """The two lines between which a part of that name stands.

    Parameters
    ----------
    name : str

    Returns
    -------
    begin, end : str
    """
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def read_marked(path: Path, name: str) -> tuple[str, str, str]:
    """A file in three: up to the first mark and with it, what is between the marks, and from the second on.

    Parameters
    ----------
    path : Path
    name : str

    Returns
    -------
    before, between, after : str

    Raises
    ------
    InputError
        If the file cannot be read or lacks a mark.
    """
    begin, end = marks(name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read ({error.strerror}).") from None
    if not 0 <= text.find(begin) < text.find(end):
        raise InputError(f"{str(path)!r} has no lines {begin!r} and {end!r} to write the tables between; add them.")
    first, last = text.index(begin) + len(begin), text.index(end)
    return text[:first], text[first:last], text[last:]


def write_marked(path: Path, name: str, between: str) -> None:
    """Replace what stands between the marks of a file.

    Parameters
    ----------
    path : Path
    name : str
    between : str
        Lines, with the last line's end.

    Raises
    ------
    InputError
        If the file cannot be read or lacks a mark.
    """
    before, _, after = read_marked(path, name)
    with replacing(path) as temporary:
        temporary.write_text(f"{before}\n{between}{after}", encoding="utf-8")
