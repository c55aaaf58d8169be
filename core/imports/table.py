"""A file of predictions to a checked table: columns, values, names and labels, each fault named with its row."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd

from core.errors import InputError
from core.imports.reference import Reference

ID = "sample_id"
TOLERANCE = 0.01  # probabilities written with two decimals need not add up to 1 exactly
SPLITS = ("test", "val")


def read_table(source: Path | bytes | pd.DataFrame, name: str) -> pd.DataFrame:
    """Read a CSV or Parquet file.

    Parameters
    ----------
    source : Path, bytes or DataFrame
    name : str
        File name; its ending tells the form.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If it cannot be read or holds no row.
    """
    if isinstance(source, pd.DataFrame):
        table = source
    else:
        table = _parse(source if isinstance(source, bytes) else _content(Path(source).expanduser()), name)
    if table.empty:
        raise InputError(f"{name!r} holds no row; it needs one for each test image.")
    return table.rename(columns=lambda column: str(column).strip())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = f"There is no file {str(path)!r}" if isinstance(error, FileNotFoundError) else f"{str(path)!r} cannot be read"
        raise InputError(f"{reason}; give a CSV or Parquet file of predictions, or a .keras model.") from None


def _parse(content: bytes, name: str) -> pd.DataFrame:
    try:
        if name.lower().endswith((".parquet", ".pq")):
            return pd.read_parquet(io.BytesIO(content))
        header = content.split(b"\n", 1)[0]
        separator = max(",;\t", key=lambda sign: header.count(sign.encode()))
        return pd.read_csv(io.BytesIO(content), sep=separator, encoding="utf-8-sig", dtype={ID: "str"})
    except Exception as error:  # csv, pyarrow and codec errors of many kinds
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(f"{name!r} cannot be read as a table ({reason}); give CSV or Parquet with {ID} and p_<class> columns.") from None


def check_table(table: pd.DataFrame, name: str, reference: Reference) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Hold a table against the reference.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, p_<class>…`` and, if wanted, ``split`` (``test`` or ``val``) and ``y_true`` (a class name or number), which
        must then agree with the known labels. Of two classes the first may be left out.
    name : str
        What errors call the table.
    reference : Reference

    Returns
    -------
    class_names : tuple of str
    table : DataFrame
        ``sample_id, split, y_true, p_<class>…`` as a run stores it.

    Raises
    ------
    InputError
        Naming what is wrong, where, and what to do.
    """
    class_names, scores = _scores(table, name, reference)
    split = _split(table, name)
    sample_ids = _sample_ids(table, name, split, reference)
    y_true = reference.labels(sample_ids, class_names)
    _check_labels(table, name, y_true, class_names)
    found = pd.DataFrame({ID: sample_ids.to_numpy(), "split": split.to_numpy(), "y_true": y_true})
    found[[f"p_{class_name}" for class_name in class_names]] = scores.astype(np.float32)
    return class_names, found


def _scores(table: pd.DataFrame, name: str, reference: Reference) -> tuple[tuple[str, ...], np.ndarray]:
    """Class names, and probabilities of shape (n_samples, n_classes) whose rows sum to 1."""
    given = {column.removeprefix("p_").upper(): column for column in table.columns if column.startswith("p_")}
    for class_names in reference.schemes:
        if set(given) == {class_name.upper() for class_name in class_names}:
            return class_names, _probabilities(table[[given[class_name.upper()] for class_name in class_names]], name)
        if len(class_names) == 2 and set(given) == {class_names[1].upper()}:
            positive = _numbers(table[[given[class_names[1].upper()]]], name)
            return class_names, np.hstack([1 - positive, positive])
    expected = " or ".join(", ".join(f"p_{class_name}" for class_name in class_names) for class_names in reference.schemes)
    received = ", ".join(given.values()) or ", ".join(map(str, table.columns[:6]))
    raise InputError(f"{name!r} needs the columns {ID} and {expected}; received {received}.")


def _probabilities(table: pd.DataFrame, name: str) -> np.ndarray:
    values = _numbers(table, name)
    off = np.abs(values.sum(axis=1) - 1) > TOLERANCE
    if off.any():
        row = int(np.flatnonzero(off)[0])
        raise InputError(
            f"In {name!r} the probabilities of {int(off.sum())} rows do not sum to 1, first in row {row + 1} ({values[row].sum():.4g}); "
            "give softmax outputs."
        )
    return values / values.sum(axis=1, keepdims=True)


def _numbers(table: pd.DataFrame, name: str) -> np.ndarray:
    values = table.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    for bad, what, advice in (
        (~np.isfinite(values), "not a number", "fill or leave out those rows"),
        ((values < 0) | (values > 1), "outside 0 to 1", "give probabilities, not logits or per cent"),
    ):
        if bad.any():
            row, column = np.argwhere(bad)[0]
            count = int(bad.any(axis=1).sum())
            raise InputError(
                f"{name!r} holds scores that are {what} in {count} rows, first {table.iloc[row, column]!r} in row {row + 1}, "
                f"column {table.columns[column]}; {advice}."
            )
    return values


def _split(table: pd.DataFrame, name: str) -> pd.Series:
    split = table["split"].astype("str").str.lower() if "split" in table else pd.Series("test", index=table.index)
    other = ~split.isin(SPLITS)
    if other.any():
        raise InputError(f"{name!r} has the split {split[other].iloc[0]!r}; use test and val, and leave out training images.")
    return split


def _sample_ids(table: pd.DataFrame, name: str, split: pd.Series, reference: Reference) -> pd.Series:
    if ID not in table:
        raise InputError(f"{name!r} has no column {ID}; name each image there as in {reference.test_ids()[0]!r}.")
    found = reference.resolve(table[ID], split == "test")
    if found.isna().any():
        unknown = table[ID][found.isna()]
        raise InputError(f"{name!r} names {len(unknown)} images that {reference.title!r} does not have, such as {unknown.iloc[0]!r}.")
    if found.duplicated().any():
        twice = found[found.duplicated()]
        raise InputError(f"{name!r} names {len(twice)} images twice, such as {twice.iloc[0]!r}; keep one row for each.")
    is_test = found.isin(reference.test_ids())
    wrong = is_test != (split == "test")
    if wrong.any():
        raise InputError(f"{name!r} has {found[wrong].iloc[0]!r} in the split {split[wrong].iloc[0]!r}, where it does not belong.")
    missing = reference.test_ids().difference(found)
    if len(missing):
        n = len(reference.test_ids())
        raise InputError(
            f"{name!r} lacks {len(missing)} of the {n} test images of {reference.title!r}, such as {missing[0]!r}; score them all."
        )
    return found


def _check_labels(table: pd.DataFrame, name: str, y_true: np.ndarray, class_names: tuple[str, ...]) -> None:
    if "y_true" not in table:
        return
    by_name = {class_name: class_id for class_id, class_name in enumerate(class_names)}
    given = table["y_true"].map(lambda value: by_name.get(str(value).upper(), value))
    wrong = pd.to_numeric(given, errors="coerce").to_numpy() != y_true
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        labels = ", ".join(f"{class_id} ({class_name})" for class_id, class_name in enumerate(class_names))
        raise InputError(
            f"{name!r} has other labels than the data set in {int(wrong.sum())} rows, first {table['y_true'].iloc[row]!r} in row "
            f"{row + 1}; labels are {labels}, or leave the column out."
        )
