"""Settings of a sweep from the options of a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.errors import InputError


def parse_settings(pairs: Sequence[str]) -> dict[str, Any]:
    """Settings from ``KEY=VALUE,VALUE`` for each of several, ``KEY=LOW..HIGH`` for a range, ``KEY=LOW..HIGH:log`` for a logarithmic one.

    Parameters
    ----------
    pairs : sequence of str

    Returns
    -------
    dict of str

    Raises
    ------
    InputError
        If one has another form, or a setting is given twice.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        key, separator, text = pair.partition("=")
        if not separator or not text or key in found:
            raise InputError(f"A setting is KEY=VALUE,VALUE or KEY=LOW..HIGH, and given once; received {pair!r:.80}.")
        found[key] = _span(text) if ".." in text else tuple(text.split(","))
    return found


def _span(text: str) -> dict[str, Any]:
    ends, _, log = text.partition(":")
    low, _, high = ends.partition("..")
    if log not in ("", "log"):
        raise InputError(f"A range is LOW..HIGH or LOW..HIGH:log; received {text!r:.80}.")
    return {"low": low, "high": high, "log": bool(log)}
