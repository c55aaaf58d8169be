"""What folders of a split are called: train, val and test, and the words that people use for them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

import pandas as pd

NUMBER = r"\d{3,4}(?:x\d{3,4})?"  # a size or a year
FOLD = r"(?:(?:fold|split|cv)?(?P<{}>\d\d?))?"
GLUED = re.compile(r"(train|test|valid)[a-z]{1,12}")


def _plain(folder_name: str) -> str:
    plain = unicodedata.normalize("NFKD", folder_name).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _letters(folder_name: str) -> str:
    """Small letters and digits alone, without accents."""
    return re.sub(r"[\s_.()\[\]-]+", "", _plain(folder_name))


_WORDS = tomllib.loads(Path(__file__).with_name("split_words.toml").read_text(encoding="utf-8"))
WORDS = {key: tuple(sorted({_letters(word) for word in words.split()}, key=len, reverse=True)) for key, words in _WORDS.items()}
SPLITS = ("train", "val", "test")
BESIDES = f"(?:{'|'.join(WORDS['beside'])})"  # taken possessively, so that no name takes long
PATTERNS = {
    split: re.compile(FOLD.format("first") + rf"{BESIDES}*+(?:{'|'.join(WORDS[split])}){BESIDES}*+(?:{NUMBER})?" + FOLD.format("last"))
    for split in SPLITS
}


def split_of(folder_name: str) -> str | None:
    """The split that a folder is called after.

    Parameters
    ----------
    folder_name : str
        Such as ``train``, ``Training``, ``TRAIN_images``, ``test_set``, ``hold-out`` or ``2_valid``.

    Returns
    -------
    {"train", "val", "test"} or None
        None for any other name, such as ``fold1``, ``train_normal`` or ``external_validation``.
    """
    match = _match(folder_name)
    return match[0] if match else None


def fold_of(folder_name: str) -> int | None:
    """The number in the name of a split folder, such as 2 for ``train_2`` and ``fold2_test``; None where there is none."""
    match = _match(folder_name)
    number = match and (match[1]["last"] or match[1]["first"])
    return int(number) if number else None


def hinted_split(folder_name: str) -> str | None:
    """The split that a word of any other name speaks of, or begins with.

    Such as ``test`` for ``test_normal``, ``my test`` and ``testtrio``; None if none or several.
    """
    words = re.findall(r"[^\W\d_]+", _plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", folder_name)))
    found = {split for split in SPLITS if not set(WORDS[split]).isdisjoint(words)}
    found = found or {"val" if match[1] == "valid" else match[1] for word in words if (match := GLUED.fullmatch(word))}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=4096)
def _match(folder_name: str) -> tuple[str, re.Match[str]] | None:
    letters = _letters(folder_name)
    return next(((split, match) for split, pattern in PATTERNS.items() if (match := pattern.fullmatch(letters))), None)


def splits(names: pd.Series) -> pd.Series:
    """``train``, ``val`` or ``test`` for each of the words in use for them; missing for others.

    Parameters
    ----------
    names : Series

    Returns
    -------
    Series of str
    """
    return names.map({name: split_of(name) for name in names.dropna().unique()}).astype("str")


def says_nothing(folder_name: str) -> bool:
    """Whether a folder is only called images, data or the like, perhaps with a number, and so can be no class."""
    letters = _letters(folder_name)
    return len(letters) > 2 and re.fullmatch(rf"{BESIDES}++\d*", letters) is not None
