"""Numbers of things in words."""

from __future__ import annotations


def counted(n: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 file``, ``2 files``, ``1,234 files``; `plural` where an s does not make it.

    Parameters
    ----------
    n : int
    noun : str
        In the singular.
    plural : str

    Returns
    -------
    str
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
