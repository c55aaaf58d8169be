"""The rows of a table of images: names that tell them apart, the files they mean, and what the table states of them."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets.sample_table import COLUMNS, FACTS
from core.datasets.tables.tabular import as_numbers, as_text
from core.errors import InputError

MOST_EXTRA = 50
OF_BOXES = {"width", "height"}  # beside x and y they are those of a box in the image
UNKNOWN = {"nan", "na", "n/a", "<na>", "nat", "none", "null", "unknown", "-", "?"}  # a patient of this name is nobody
CODE = r"[-+]?0\d.*"  # a number that starts with 0 is a code


def plain_names(names: pd.Series) -> pd.Series:
    """Names with forward slashes, without ``./`` and in the composed form of Unicode, as another system may write them.

    Parameters
    ----------
    names : Series

    Returns
    -------
    Series of str
    """
    names = names.str.replace("\\", "/", regex=False).str.replace(r"/(?:\.?/)+", "/", regex=True).str.replace(r"^(?:\./)+", "", regex=True)
    plain = names if names.dropna().map(str.isascii).all() else names.str.normalize("NFC")
    return plain.mask(plain == "")


def unique_ids(prefixes: pd.Series, names: pd.Series) -> pd.Series:
    """Prefix and file name; where that stands twice, with as many folders before the file as tell all of the same name apart.

    Parameters
    ----------
    prefixes : Series of shape (n_samples,), str
        Split and class.
    names : Series of shape (n_samples,), str
        Paths with forward slashes.

    Returns
    -------
    Series of shape (n_samples,), str
        Unique but for rows whose whole name is the same.
    """
    short = prefixes + names.str.replace(".*/", "", regex=True)
    found, twice, depth = short.copy(), short.duplicated(keep=False), 1
    deepest = names[twice].str.count("/").max() + 1 if twice.any() else 0
    while twice.any() and depth < deepest:
        depth += 1
        longer = names[twice].str.extract(rf"((?:[^/]*/){{0,{depth - 1}}}[^/]*)$")[0]
        found[twice] = prefixes[twice] + longer
        same = found[twice].duplicated(keep=False).groupby(short[twice]).transform("any")
        twice = twice & same.reindex(twice.index, fill_value=False)
    return found


def known_patients(patients: pd.Series) -> pd.Series:
    """Patients as they are named, missing where nobody is; ``7`` for 7.0, as a column of numbers with gaps is written.

    Parameters
    ----------
    patients : Series

    Returns
    -------
    Series of str
    """
    known = patients.mask(patients.str.lower().isin(UNKNOWN))
    return known.str.removesuffix(".0") if known.dropna().str.fullmatch(r"\d+\.0").all() else known


def find_files(folder: Path, names: Iterable[str]) -> list[tuple[str, os.stat_result | None]]:
    """Path and facts of the files that a table names, absolute or relative to its folder; no facts where there is no such file.

    Parameters
    ----------
    folder : Path
        Of the table.
    names : iterable of str

    Returns
    -------
    list of tuple of (str, os.stat_result or None)
    """
    return [_find(str(folder), name) for name in names]


def given_facts(table: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The sample table of images without files, from the table's own columns; unknown facts are missing.

    Parameters
    ----------
    table : DataFrame
        As it was read.
    rows : DataFrame
        ``sample_id, split, class_name, subtype, patient_id`` of the same rows.

    Raises
    ------
    InputError
        If a column of facts does not hold what its name says.
    """
    kinds = {**FACTS, "n_bytes": "Int64", "path": "str"}
    places = fact_places(table)
    given = {name: rows[name] if name in rows else _fact(table, places.get(name), kinds[name], name) for name in COLUMNS}
    return pd.DataFrame(given, index=rows.index)


def fact_places(table: pd.DataFrame) -> dict[str, int]:
    """Positions of the columns that are called like our facts."""
    names = [str(column).lower() for column in table.columns]
    boxes = OF_BOXES if {"x", "y"} <= set(names) else set()
    return {name: place for place, name in reversed(list(enumerate(names))) if name in {*FACTS, "n_bytes"} - boxes}


def extra_columns(table: pd.DataFrame, used: set[int], sample_ids: pd.Series) -> pd.DataFrame | None:
    """The other columns of a table by sample id, as numbers where all of their cells are; None if there are none."""
    used = used | set(fact_places(table).values())
    places = [place for place in range(table.shape[1]) if place not in used][:MOST_EXTRA]
    if not places:
        return None
    extra = {"sample_id": sample_ids}
    for place in places:
        extra[_free(str(table.columns[place]), extra)] = _text_or_numbers(table.iloc[:, place])
    return pd.DataFrame(extra, index=table.index)


def _find(folder: str, name: str) -> tuple[str, os.stat_result | None]:
    plain = name.replace("\\", "/")
    for variant in dict.fromkeys((plain, name, unicodedata.normalize("NFC", plain), unicodedata.normalize("NFD", plain))):
        path = str(Path(folder, variant))
        try:
            found = os.stat(path)  # noqa: PTH116 - a Path of each of many names would take longer than the call
        except (OSError, ValueError):  # none, too long, not allowed, or a zero byte in it
            continue
        if stat.S_ISREG(found.st_mode):
            return path, found
    return str(Path(folder, plain)), None


def _fact(table: pd.DataFrame, place: int | None, kind: str, name: str) -> pd.Series:
    if place is None:
        return pd.Series(pd.NA, table.index, dtype=kind)
    values = table.iloc[:, place]
    if kind == "str":
        return as_text(values)
    numbers = as_numbers(values)
    wrong = values[numbers.isna() & values.notna()]
    if kind.startswith("Int"):
        limit = np.iinfo(kind.lower()).max
        wrong = values[(numbers.isna() & values.notna()) | (numbers % 1 != 0) & numbers.notna() | (numbers.abs() > limit)]
    if len(wrong):
        raise InputError(
            f"The column {name} does not hold what its name says (such as {str(wrong.iloc[0])[:40]!r}); leave it out, and it counts "
            "as unknown."
        )
    return numbers.astype(kind)


def _text_or_numbers(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values
    text = as_text(values)
    numbers = as_numbers(text)
    return text if numbers[text.notna()].isna().any() or text.isna().all() or text.str.fullmatch(CODE).any() else numbers


def _free(name: str, taken: dict) -> str:
    """A name that is not taken yet."""
    numbered = (f"{name} ({number})" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)
