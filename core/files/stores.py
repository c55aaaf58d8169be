"""Large arrays in the cache that are mapped into memory.

One process makes them; they are allocated whole before they are filled, and checked where they are read back. Where there are too many,
those used longest ago go.
"""

from __future__ import annotations

import math
import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap

from core.files import CACHE, replacing
from core.files.checksums import sum_file, sum_of, to_disk
from core.files.locks import is_locked, locked
from core.files.notices import notice
from core.machine.free_space import require_disk

LEFT_BEHIND = 24 * 3600  # seconds after which a temporary folder is nobody's any more
PATIENCE = 3600.0  # seconds to wait for a process that makes the same array; after that both do, and either is whole


def stored(path: Path, dtype: type, shape: Sequence[int], fill: Callable[[Path], object], what: str, most: int) -> Path:
    """An array file of the cache, made if it is not there whole: by one process, while others that want it wait.

    Parameters
    ----------
    path, dtype, shape, fill
        As `build` takes them.
    what : str
        Begins the sentence that says there is no room, such as ``Decoding 12 images``.
    most : int
        Bytes that the files of its folder may take together; those used longest ago are removed to make room.

    Returns
    -------
    Path
        The file; its last use is now.

    Raises
    ------
    InputError
        If the disk has no room for it, or the cache cannot be written to.
    """
    if not is_whole(path):
        lock = path.parent.parent / "locks" / f"{path.parent.name}-{path.name}.lock"
        if is_locked(lock):
            notice(f"The file {path.name} of the cache is being made by another process; this one waits for it.")
        with locked(lock, PATIENCE, CACHE):
            if not is_whole(path):
                n_bytes = math.prod(shape) * np.dtype(dtype).itemsize
                make_room(path.parent, n_bytes, most)
                require_disk(path.parent, n_bytes, what, CACHE)
                build(path, dtype, shape, fill)
    with suppress(OSError):  # a cache that may only be read notes no use
        os.utime(sum_file(path))
    return path


def make_room(folder: Path, n_bytes: int, most: int) -> None:
    """Remove the arrays of a folder used longest ago until `n_bytes` more are at most `most`; a process that maps one keeps it."""
    files = sorted(folder.glob("*.npy"), key=_last_use)
    while files and sum(map(_size, files)) + n_bytes > most:
        with suppress(PermissionError):  # Windows: it is open
            drop(files[0])
        del files[0]


def build(path: Path, dtype: type, shape: Sequence[int], fill: Callable[[Path], object]) -> None:
    """Make an array file and its checksum; it takes its place when both are on the disk.

    Parameters
    ----------
    path : Path
        Of a ``.npy`` file below the cache.
    dtype : type
    shape : sequence of int
    fill : callable of a Path
        Fills the array of that path, which holds zeros.

    Raises
    ------
    InputError
        If the disk has no room for all of it: before anything is mapped, for a page of a mapped file that the disk cannot hold ends the
        interpreter.
    """
    sweep(path.parent)
    with replacing(path, CACHE) as temporary:
        allocate(temporary, dtype, shape)
        fill(temporary)
        to_disk(temporary)
        whole = sum_of(temporary)
    with replacing(sum_file(path), CACHE) as temporary:
        temporary.write_text(whole, encoding="ascii")
        to_disk(temporary)
    to_disk(path.parent)


def allocate(path: Path, dtype: type, shape: Sequence[int]) -> None:
    """An array file of zeros whose every byte has its place on the disk; raises OSError if there is no room."""
    array = open_memmap(path, mode="w+", dtype=dtype, shape=tuple(shape))  # sparse until it is filled
    del array
    if hasattr(os, "posix_fallocate"):
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


def is_whole(path: Path) -> bool:
    """Whether an array file is as it was written; one that is not, as after a power cut, is removed so that it is made anew.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    if not path.exists():
        return False
    facts = path.stat()
    if _is_whole(path, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns):
        return True
    notice(f"The file {path.name} of the cache was damaged, as by a power cut, and is made anew.")
    drop(path)
    return False


def drop(path: Path) -> None:
    """Remove an array file and its checksum.

    Parameters
    ----------
    path : Path
    """
    for one in (path, sum_file(path)):
        one.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove temporary folders that a process which was killed left behind a day ago or earlier."""
    for place in folder.glob(".*.*"):
        try:
            if place.is_dir() and time.time() - place.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(place, ignore_errors=True)
        except OSError:  # another process was faster
            continue


@lru_cache(maxsize=64)
def _is_whole(path: Path, size: int, modified: int, changed: int) -> bool:
    """Read once a process for each state of the file."""
    try:
        np.load(path, mmap_mode="r")
        return sum_file(path).read_text(encoding="ascii") == sum_of(path)
    except (OSError, ValueError, EOFError):
        return False


def _last_use(path: Path) -> float:
    """When an array was last asked for: noted at its checksum, for another date of the array itself would have it read anew."""
    with suppress(OSError):
        return sum_file(path).stat().st_mtime
    return 0.0


def _size(path: Path) -> int:
    with suppress(OSError):  # another process was faster
        return path.stat().st_size
    return 0
