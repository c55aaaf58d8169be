"""Checksums of the arrays in the cache, and files that have reached the disk: what tells after a power cut whether one is whole."""

from __future__ import annotations

import errno
import os
import zlib
from pathlib import Path

CHUNK = 8 * 2**20


def sum_file(path: Path) -> Path:
    """In a folder of its own, so that a folder of stores holds stores alone."""
    return path.parent.parent / "sums" / f"{path.parent.name}-{path.name}.sum"


def sum_of(path: Path) -> str:
    """Size and CRC-32 of a file, read in pieces."""
    found, size = 0, 0
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found, size = zlib.crc32(piece, found), size + len(piece)
    return f"{size} {found:08x}"


def to_disk(path: Path) -> None:
    """Let a file or folder reach the disk, where the system can say so."""
    try:
        number = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF):  # folders of some file systems cannot be asked
            raise
    finally:
        os.close(number)
