"""The letters that tell runs beside each other apart: a mark in brackets, so that no sentence reads "A" as an article."""

from __future__ import annotations

import re
from collections.abc import Iterable

MARK = re.compile(r"\[([A-Z]\d*(?:[–+][A-Z]\d*)*)\] ")  # also those of several drawn as one


def lettered_names(names: Iterable[str]) -> list[str]:
    """``[A] Lens-MobileNet · seed 0``, ``[B] …``: what runs beside each other are called, in their order.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    list of str
    """
    return [f"[{_letter(position)}] {name}" for position, name in enumerate(names)]


def letter_of(label: str) -> str:
    """``A`` of ``[A] Lens-MobileNet · seed 0``; empty for a run that stands alone and goes by its name.

    Parameters
    ----------
    label : str

    Returns
    -------
    str
    """
    found = MARK.match(label)
    return found[1] if found else ""


def without_letter(label: str) -> str:
    """``Lens-MobileNet · seed 0`` of ``[A] Lens-MobileNet · seed 0``.

    Parameters
    ----------
    label : str

    Returns
    -------
    str
    """
    return MARK.sub("", label, count=1) if MARK.match(label) else label


def _letter(position: int) -> str:
    """A to Z, then A1 to Z1."""
    again, place = divmod(position, 26)
    return chr(ord("A") + place) + (str(again) if again else "")
