"""Files that may come from a stranger, opened as files alone and read up to a limit: no pipe is waited for, no device read for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

NO_FILE = "it is a pipe, a socket or a device and no file"


def open_regular(path: str | Path) -> BinaryIO:
    """Open a regular file to be read; raises OSError, with the reason as its ``strerror``, for anything else.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    BinaryIO
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # without that, opening a pipe waits for somebody to write
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, NO_FILE, str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: str | Path, most: int) -> bytes:
    """The bytes of a regular file; raises OSError as `open_regular` does, or if there are more than `most`, whatever it claims to hold.

    Parameters
    ----------
    path : str or Path
    most : int
        In bytes.

    Returns
    -------
    bytes
    """
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {_size(most)}", str(path))
    return content


def tail_of(path: str | Path, most: int) -> bytes:
    """The last bytes of a regular file, at most `most` of them, and no more read than these; raises OSError as `open_regular` does.

    Parameters
    ----------
    path : str or Path
    most : int
        In bytes.

    Returns
    -------
    bytes
    """
    with open_regular(path) as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - most))
        return file.read(most)


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 2**20:,.0f} MB" if n_bytes >= 2**20 else f"{n_bytes / 2**10:,.0f} kB"
