"""Where cached files go, and how any file is written: under a temporary name, then renamed; and what to say when it cannot be."""

from __future__ import annotations

import atexit
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import platformdirs

from core.errors import InputError
from core.files.notices import notice
from core.files.paths import typed_path
from core.files.reasons import ANOTHER, REASONS, reason_of, unwritable

CACHE = "set PNEUMOLENS_CACHE to a folder with more room"
TEMPORARY = 40  # characters of a file's name that its temporary folder repeats: a long name must not become too long


def cache_dir(*parts: str) -> Path:
    """A folder below ``PNEUMOLENS_CACHE`` (default: the user's cache folder), made when missing.

    Where that cannot be made or written to, a temporary folder takes its place until the process ends, and that is said once; where that
    cannot be made either, the folder is one that is not there, for what a cache holds can be made anew.

    Returns
    -------
    Path
    """
    base = typed_path(os.environ.get("PNEUMOLENS_CACHE") or platformdirs.user_cache_dir("pneumolens"))
    folder = base.joinpath(*parts)
    if not (reason := _made(folder)):
        return folder
    notice(
        f"The cache folder {str(base)!r} cannot be written to ({reason}): decoded images are kept until this program ends, and made anew "
        "next time; set PNEUMOLENS_CACHE to another folder."
    )
    try:
        substitute = _substitute().joinpath(*parts)
        substitute.mkdir(parents=True, exist_ok=True)
    except OSError:  # no room for temporary files either: nothing is found there, and nothing can be kept
        return folder
    return substitute


@contextmanager
def writing(path: Path, advice: str = ANOTHER) -> Iterator[None]:
    """Turn what keeps `path` from being written into an InputError that names its folder and never a temporary file.

    Parameters
    ----------
    path : Path
        The file or folder that the block writes; errors about files elsewhere pass as they are.
    advice : str
        What to do, such as ``name another one``.
    """
    try:
        yield
    except OSError as error:
        if not _about(error, path):
            raise
        raise unwritable(path, error, advice) from None


@contextmanager
def replacing(path: Path, advice: str = ANOTHER) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well, and is removed when it does not.

    Parameters
    ----------
    path : Path
    advice : str
        What to do where the folder cannot be written to.

    Yields
    ------
    Path

    Raises
    ------
    InputError
        If the folder cannot be made or written to, or the disk is full.
    """
    with writing(path, advice):
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name[:TEMPORARY]}.", dir=path.parent))
        try:
            yield folder / path.name
            (folder / path.name).replace(path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def changed_ns(facts: os.stat_result) -> int:
    """A number that differs once a file was written anew, even if its size stays and its time is set back: nobody can set the second of
    the two times that make it up.

    Parameters
    ----------
    facts : os.stat_result
        Of the file.

    Returns
    -------
    int
    """
    return facts.st_mtime_ns + facts.st_ctime_ns


def write_json(path: Path, content: dict) -> None:
    """Write `content` so that a reader sees the old file or the new one, never half of it.

    Parameters
    ----------
    path : Path
    content : dict
    """
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def keep(path: Path, write: Callable[[Path], object], what: str) -> None:
    """Write a file of the cache, if that can be done: a full disk is no reason to show nothing.

    Parameters
    ----------
    path : Path
    write : callable of a Path
        Writes the file under the temporary name that it is given.
    what : str
        A sentence that says what is not kept; said once where there is no room.
    """
    try:
        with replacing(path, CACHE) as temporary:
            write(temporary)
    except (InputError, OSError) as error:
        notice(f"{what} {error}")


def _about(error: OSError, path: Path) -> bool:
    """Whether an error concerns what is written: a file beside or below `path`, or a folder above it."""
    if error.filename is None:
        return True
    with suppress(OSError, TypeError, ValueError):
        named, meant = (Path(os.fsdecode(name)).absolute() for name in (error.filename, path))
        return named.is_relative_to(meant.parent) or meant.is_relative_to(named)
    return False


def _made(folder: Path) -> str:
    """Why a folder can neither be made nor written to; empty if it can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return reason_of(error)
    return "" if os.access(folder, os.W_OK | os.X_OK) else REASONS[errno.EACCES]


@cache
def _substitute() -> Path:
    """A folder that is removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="pneumolens-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
