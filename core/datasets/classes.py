"""What the names of classes mean: which is the healthy one and which the ill one, in the languages and data sets of this field."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from core.errors import InputError

Meaning = Literal["healthy", "ill"]

_FILE = tomllib.loads(Path(__file__).with_name("class_words.toml").read_text(encoding="utf-8"))
WORDS = {key: tuple(words.split()) if isinstance(words, str) else tuple(words) for key, words in _FILE.items()}
HEALTHY, ILL, STATES, FINDINGS, NOT, NOT_AFTER, NEUTRAL, YES, NO = (
    frozenset(WORDS[key]) for key in ("healthy", "ill", "states", "findings", "not", "not_after", "neutral", "yes", "no")
)
OPPOSITE: dict[Meaning, Meaning] = {"healthy": "ill", "ill": "healthy"}
LAST_LATIN = 0x24F
LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "æ": "ae", "ß": "ss"})  # that have no accent to take off


def meaning(name: str) -> Meaning | None:
    """Whether a class is called healthy or ill.

    Parameters
    ----------
    name : str
        Such as ``NORMAL``, ``Uninfected``, ``no_finding``, ``neumonía`` or ``肺炎``.

    Returns
    -------
    {"healthy", "ill"} or None
        None where the name does not tell, such as ``1`` or ``group B``, or tells both.
    """
    whole = unicodedata.normalize("NFC", name)
    if any(ord(letter) > LAST_LATIN and letter.isalpha() for letter in whole):
        return _by_stems(re.sub(r"[\s_-]+", " ", whole).casefold())
    words = _words(name)
    if len(words) == 1 and words[0] in YES | NO:
        return "ill" if words[0] in YES else "healthy"
    if _reads_backwards(name, words):
        return None
    found = {_in_place(words, place) for place in range(len(words))} - {None}
    if len(found) == 2 and not STATES.isdisjoint(words):
        return "healthy"  # "pneumonia negative"
    if found == {"ill"} and not all(map(_is_known, words)):
        return None  # an unknown word may negate it, in a language or a way that is not known here
    return found.pop() if len(found) == 1 else None


def positive_class(names: Iterable[str], positive: str | None = None) -> str | None:
    """Which of two classes is the positive one, whose share found is the sensitivity.

    Parameters
    ----------
    names : iterable of str
        The classes of a data set.
    positive : str, optional
        What a person said it is, in any case of letters; else the names decide.

    Returns
    -------
    str or None
        None for other than two classes, and where the names do not tell.

    Raises
    ------
    InputError
        If `positive` is none of two classes.
    """
    classes = sorted(set(names))
    if positive is not None:
        return _said(positive, classes)
    if len(classes) != 2:
        return None
    ill, healthy = ([name for name in classes if meaning(name) == kind] for kind in ("ill", "healthy"))
    if len(ill) == 1:
        return ill[0]
    return next(name for name in classes if name not in healthy) if len(healthy) == 1 else None


def in_order(names: Iterable[str], positive: str | None = None) -> tuple[str, ...]:
    """Classes in the order of their ids: the healthy one first, the rest by the alphabet; of two the positive one last.

    Where the names do not tell, the alphabet alone decides, and `positive_class` gives None.

    Parameters
    ----------
    names : iterable of str
    positive : str, optional
        The class that is the ill one, if somebody said.

    Returns
    -------
    tuple of str
    """
    classes = sorted(set(names))
    last = positive_class(classes, positive)
    healthy = [name for name in classes if meaning(name) == "healthy"]
    first = healthy[0] if len(healthy) == 1 and len(classes) > 2 else None
    return tuple(sorted(classes, key=lambda name: (name == last, name != first, name)))


def require_positive(names: Iterable[str], positive: str | None = None) -> str | None:
    """The positive class of two.

    Parameters
    ----------
    names : iterable of str
    positive : str, optional
        The class that is the ill one, if somebody said.

    Returns
    -------
    str or None

    Raises
    ------
    InputError
        Where the names do not tell and nobody said, with what to do.
    """
    classes = sorted(set(names))
    found = positive_class(classes, positive)
    if len(classes) == 2 and found is None:
        raise InputError(
            f"The names {classes[0]} and {classes[1]} do not tell which class is the illness; say it with --positive {classes[1]} "
            f"(or {classes[0]}), on the pages as the positive class beside the data set."
        )
    return found


def _said(positive: str, classes: list[str]) -> str:
    matches = [name for name in classes if name.casefold() == positive.strip().casefold()]
    if len(classes) != 2 or not matches:
        raise InputError(f"The positive class is one of two, and the data set has {', '.join(classes)}; received {positive!r}.")
    return matches[0]


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = unicodedata.normalize("NFKD", apart).casefold().translate(LETTERS)
    return re.findall(r"[a-z]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _reads_backwards(name: str, words: list[str]) -> bool:
    """Whether a sign or a word behind an illness may stand for its absence, as in ``COVID-``, ``pneumonia_0`` and ``Pneumonia_No``."""
    return len(words) > 0 and (name.rstrip().endswith(("-", "−")) or (len(words) > 1 and words[-1] in YES | NO) or _ends_in_a_number(name))


def _ends_in_a_number(name: str) -> bool:
    return re.search(r"(?i)pneum\w*[\W_]+[01]$", name) is not None


def _is_known(word: str) -> bool:
    return word in NEUTRAL | NOT | NOT_AFTER | FINDINGS | STATES or _of_word(word) is not None


def _in_place(words: list[str], place: int) -> Meaning | None:
    """What a word means after the words before it, one of which may negate it."""
    if words[place] in NOT | NOT_AFTER:
        return None
    found = "ill" if words[place] in FINDINGS else _of_word(words[place])
    negated = not NOT.isdisjoint(words[:place]) or not NOT_AFTER.isdisjoint(words[place + 1 :])
    return OPPOSITE[found] if found and negated else found


def _of_word(word: str) -> Meaning | None:
    """A word's own meaning, or what a prefix or an ending makes of it, as in ``uninfected``."""
    if word in HEALTHY or word in ILL:
        return "healthy" if word in HEALTHY else "ill"
    for prefix in WORDS["prefixes"]:
        rest = word.removeprefix(prefix)
        if rest != word and (rest in HEALTHY or rest in ILL | FINDINGS):
            return "ill" if rest in HEALTHY else "healthy"
    return "healthy" if word.removesuffix("free") in ILL else None


def _by_stems(name: str) -> Meaning | None:
    for key in ("healthy_first", "ill_first", "healthy_stems", "ill_stems"):
        if any(stem in name for stem in WORDS[key]):
            return "healthy" if key.startswith("healthy") else "ill"
    return None
