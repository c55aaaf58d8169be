"""Why a file or folder cannot be written, in words."""

from __future__ import annotations

import errno
from pathlib import Path

from core.errors import InputError

ANOTHER = "name another one"
REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "it is read-only",
    errno.ENOSPC: "no room is left on its disk",
    errno.EDQUOT: "your share of its disk is used up",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOTDIR: "a part of it is a file, not a folder",
    errno.EEXIST: "there is a file of that name, not a folder",
    errno.ENOENT: "it is not there",
    errno.ELOOP: "its links lead in a circle",
}


def unwritable(path: Path, error: OSError, advice: str = ANOTHER) -> InputError:
    """``The folder '/locked' cannot be written to (permission denied); name another one.``"""
    if error.errno == errno.EISDIR:
        return InputError(f"{str(path)!r} is a folder, not a file that could be written; {advice}.")
    if error.errno == errno.ENAMETOOLONG:
        return InputError(f"The name {path.name[:60]!r}… is too long for a file; name a shorter one.")
    folder = path.parent if str(path.parent) != "." else Path.cwd()
    return InputError(f"The folder {str(folder)!r} cannot be written to ({reason_of(error)}); {advice}.")


def reason_of(error: OSError) -> str:
    """Why a file or folder cannot be used, in a few words.

    Parameters
    ----------
    error : OSError

    Returns
    -------
    str
    """
    if error.errno is None:  # NumPy and Parquet do not say; nearly always it is this
        return "perhaps no room is left on its disk"
    said = error.strerror or "the system gave no reason"
    return REASONS.get(error.errno) or said[:1].lower() + said[1:]
