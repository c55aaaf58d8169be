"""How much memory and disk is free, asked before any work: what does not fit is refused in a sentence, not killed on the way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil

from core.errors import InputError

CGROUPS = Path("/sys/fs/cgroup")
LIMITS = (("memory.max", "memory.current", "inactive_file"), ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"))
SPARE_DISK = 64 * 2**20  # left for the small files of everybody else


def free_memory() -> int:
    """Bytes of memory that this process may still take: of the machine, and of every control group that it is in.

    Returns
    -------
    int
        In bytes.
    """
    return max(0, min([psutil.virtual_memory().available, *_of_groups(CGROUPS, _membership())]))


def require_memory(n_bytes: float, what: str, advice: str) -> None:
    """Refuse what needs more memory than is free.

    Parameters
    ----------
    n_bytes : float
        An estimate from below: what is refused would not have fitted.
    what : str
        Begins the sentence, such as ``A step of 2,048 images``.
    advice : str
        Ends it, such as ``set batch_size to 512 or less``.

    Raises
    ------
    InputError
        With both numbers.
    """
    free = free_memory()
    if n_bytes > free:
        raise InputError(f"{what} needs about {size_text(n_bytes)} of memory, and {size_text(free)} are free; {advice}.")


def require_disk(folder: Path, n_bytes: float, what: str, advice: str) -> None:
    """Refuse what needs more room than is left on the disk of a folder, or of the nearest one above it that is there.

    Parameters
    ----------
    folder : Path
    n_bytes : float
    what : str
        Begins the sentence, such as ``Decoding 12 images``.
    advice : str
        What to do about it, which ends the sentence.

    Raises
    ------
    InputError
    """
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = max(0, shutil.disk_usage(folder).free - SPARE_DISK)
    if n_bytes > free:
        raise InputError(
            f"{what} needs about {size_text(n_bytes)} on the disk of {str(folder)!r}, and {size_text(free)} are free; {advice}."
        )


def size_text(n_bytes: float) -> str:
    """``12 MB`` or ``3.4 GB``.

    Parameters
    ----------
    n_bytes : float

    Returns
    -------
    str
    """
    return f"{n_bytes / 1e9:,.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:,.0f} MB"


def _membership() -> str:
    """Where this process stands among the control groups; empty where there are none."""
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return ""
    groups = dict(line.split(":", 2)[1:] for line in lines if line.count(":") >= 2)
    return groups.get("", next((path for names, path in groups.items() if "memory" in names.split(",")), ""))


def _of_groups(root: Path, membership: str) -> Iterator[int]:
    """Bytes left under the limit of a control group and of each one above it; caches that can be given back count as free."""
    for base in (root, root / "memory"):
        folder = base / membership.lstrip("/")
        for group in (folder, *folder.parents):
            if not group.is_relative_to(base):
                break
            for limit, usage, reclaimable in LIMITS:
                left = _left(group, limit, usage, reclaimable)
                if left is not None:
                    yield left


def _left(group: Path, limit: str, usage: str, reclaimable: str) -> int | None:
    try:
        most, used = int((group / limit).read_text()), int((group / usage).read_text())  # "max" is no number: no limit
        facts = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return None
    return most - used + int(facts.get(reclaimable, 0))
