"""What tells one state of a data set on disk from another without opening a file: a key for what is computed from it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from core.datasets.folders.refusals import MAX_DEPTH, SYSTEM
from core.datasets.sources.medmnist import recognises
from core.files import changed_ns

MOST_FILES = 50_000  # a fifth of a second; of more, only the folders are looked at, whose times change when files come or go
MOST_ENTRIES = 200_000  # and then no more at all: a page must not wait on a whole disk


def stamp(data: str) -> str:
    """Digest of the path, size and time of a file, or of everything below a folder, links followed.

    A file that is rewritten in place where more than `MOST_FILES` lie goes unseen.

    Parameters
    ----------
    data : str
        Path of a file or folder.

    Returns
    -------
    str
    """
    path = _expanded(data)
    try:
        return _digest(_listing(path)) if path.is_dir() else stamp_of_files([str(path)])
    except OSError:  # a name too long for the system
        return ""


def names_files(data: str) -> bool:
    """Whether a data set is a file that names others, so that its own stamp does not tell all.

    Parameters
    ----------
    data : str
        Path of a file or folder.

    Returns
    -------
    bool
    """
    path = _expanded(data)
    try:
        return path.is_file() and not recognises(path)
    except OSError:
        return False


def _expanded(data: str) -> Path:
    try:
        return Path(data).expanduser()
    except RuntimeError:  # an unknown ~user
        return Path(data)


def stamp_of_files(paths: Sequence[str]) -> str:
    """Digest of the path, size and time of files, some of which may be missing; of very many, of an even choice.

    Parameters
    ----------
    paths : sequence of str

    Returns
    -------
    str
    """
    return _digest(map(_line, paths[:: 1 + len(paths) // MOST_FILES]))


def _line(path: str) -> str:
    try:
        facts = os.stat(path)  # noqa: PTH116 - a Path for each doubles the time
    except (OSError, ValueError):  # a ValueError is a null byte in the name
        return f"{path}:"
    return f"{path}:{facts.st_size}:{changed_ns(facts)}:{facts.st_ino}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _listing(top: Path) -> Iterator[str]:
    n = 0
    waiting: list[tuple[str, frozenset]] = [(str(top), frozenset())]
    while waiting and n < MOST_ENTRIES:
        folder, above = waiting.pop()
        try:
            itself = Path(folder).stat()
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            yield f"{folder}:{error.errno}"
            continue
        if (itself.st_dev, itself.st_ino) in above or len(above) > MAX_DEPTH or folder in SYSTEM:
            continue
        yield f"{folder}:{itself.st_mtime_ns}"
        n += len(entries)
        within = above | {(itself.st_dev, itself.st_ino)}
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                waiting.append((entry.path, within))
            elif n <= MOST_FILES:
                yield _entry_line(entry)


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _entry_line(entry: os.DirEntry) -> str:
    try:
        facts = entry.stat()
    except OSError:  # a link that leads nowhere
        return f"{entry.path}:"
    return f"{entry.path}:{facts.st_size}:{changed_ns(facts)}:{facts.st_ino}"
