"""One class that is spelt in several ways, such as ``Healthy`` in train and ``healthy`` in test."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd


def one_spelling(class_names: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    """Names of classes, each in its commonest spelling.

    Case, blanks, underscores, hyphens between letters and forms of Unicode make no other class.

    Parameters
    ----------
    class_names : Series of shape (n_samples,), str

    Returns
    -------
    class_names : Series of shape (n_samples,), str
    notes : tuple of str
        A sentence for each class that was spelt in several ways.
    """
    counts = class_names.value_counts()
    spellings: dict[str, list[str]] = {}
    for name in sorted(counts.index, key=lambda name: (-counts[name], name)):
        spellings.setdefault(_key(name), []).append(name)
    several = [names for names in spellings.values() if len(names) > 1]
    notes = tuple(
        f"The classes {' and '.join(sorted(names))} are read as one, {names[0]}: they differ in spelling alone." for names in several
    )
    known = {name: names[0] for names in several for name in names}
    return class_names.map(lambda name: known.get(name, name)) if known else class_names, notes


def _key(name: str) -> str:
    return re.sub(r"[\s_]+|(?<=\w)-(?=\w)", " ", unicodedata.normalize("NFC", name)).strip().casefold()
