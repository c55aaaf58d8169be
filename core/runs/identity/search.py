"""Whether a run is meant by some words: all of them, in any order, with commas between or without."""

from __future__ import annotations

import re

WANTED = re.compile(r"seed \d+|\d+ class(?:es)?|[^\s,·]+")
EVERYBODY = re.compile(r"^(?:\d+ classes|seed \d+)$", re.MULTILINE)  # lines of every run: no answer to a number alone
WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


def matches(facts: str, words: str | None) -> bool:
    """Whether facts hold every word.

    Parameters
    ----------
    facts : str
        One a line, such as the name, ``seed 1``, ``2 classes``.
    words : str or None
        ``scratch seed 1``. ``seed 1`` and ``2 classes`` mean a line, so that no ``seed 12`` is found; a number means a whole one, so that
        none is found within an id; any other word may be part of one.

    Returns
    -------
    bool
        True for no words.
    """
    facts = facts.lower()
    return all(_holds(facts, word) for word in WANTED.findall((words or "").lower()))


def _holds(facts: str, word: str) -> bool:
    if " " in word:
        return word in facts.split("\n")
    return word in WORD.findall(EVERYBODY.sub("", facts)) if word.isdigit() else word in facts
