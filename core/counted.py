"""Numbers and the names of classes in words."""

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


def class_words(name: str, begins: bool = False) -> str:
    """The name of a class, or of a kind of it, as a sentence says it: ``PNEUMONIA`` is ``pneumonia``.

    Parameters
    ----------
    name : str
        As the data set writes it.
    begins : bool
        Whether it begins a sentence or stands alone: ``Pneumonia``.

    Returns
    -------
    str
    """
    return name.capitalize() if begins else name.lower()
