"""The one reader of every table that a person brings, of images or of predictions: a file to columns of text and numbers."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from core.datasets.tables.delimited import read_delimited
from core.datasets.tables.file_kinds import GZIP, PARQUET, head_of, what_it_is
from core.errors import InputError
from core.files.parquet import TooLarge, read_table, written_out
from core.files.regular import open_regular, read_regular

MAX_BYTES = 2**27  # of text, unpacked: a million rows and more
THOUSANDS = r"[1-9]\d{0,2}(?:,\d{3})+"
UNNAMED = "Unnamed: 0"  # what pandas calls an index that was written without a name
ARROW_INDEX = "__index_level_0__"


def read_tabular(source: Path | bytes | pd.DataFrame, name: str) -> pd.DataFrame:
    """Read a table, whatever it is called: its content tells the form.

    Parameters
    ----------
    source : Path, bytes or DataFrame
        Text with separators, perhaps compressed with gzip, or Parquet.
    name : str
        What errors call it.

    Returns
    -------
    DataFrame
        Columns of text or numbers with names of text, which may stand twice; blanks around names and values are gone. Text is as it
        was written, so that ``00001`` and ``None`` stay; only an empty cell is missing. Rows and unnamed columns that are empty, and
        an unnamed column that numbers the rows, are left out.

    Raises
    ------
    InputError
        If there is no such file, it is too large, is another kind of file, or holds no row.
    """
    table = source if isinstance(source, pd.DataFrame) else _read(source if isinstance(source, bytes) else Path(source).expanduser(), name)
    table = _trimmed(table)
    if table.empty:
        raise InputError(f"{name!r} holds no row below its column names; it needs one for each image.")
    return table


def as_text(values: pd.Series) -> pd.Series:
    """A column as text, missing where it is missing; whole numbers without a point, as ``7`` for 7.0.

    Parameters
    ----------
    values : Series

    Returns
    -------
    Series of str
    """
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return values.astype("str")
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        return values.astype("Int64").astype("str")
    return values.astype("str")


def as_numbers(values: pd.Series) -> pd.Series:
    """A column as float64, NaN where a cell is no number.

    ``0,5`` is a half where no cell of the column has a point, unless all commas may as well part thousands, as in ``12,345``.

    Parameters
    ----------
    values : Series

    Returns
    -------
    Series of float64
    """
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("float64")
    text = values.astype("str")
    commas = text[text.str.contains(",", regex=False).fillna(False).astype(bool)]
    if len(commas) and not text.str.contains(".", regex=False).any() and not commas.str.fullmatch(THOUSANDS).all():
        text = text.str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").astype("float64")


def _read(file: Path | bytes, name: str) -> pd.DataFrame:
    if isinstance(file, Path):
        _refuse_unopenable(file)
    head = head_of(file)
    if head.startswith(PARQUET):
        return _parquet(file, name)
    if head.startswith(GZIP):
        content = _unpacked(file, name)
        return _read(content, name) if not content.startswith(GZIP) else _refuse(name, "compressed twice", "unpack it first")
    if found := what_it_is(file):
        return _refuse(name, *found)
    n_bytes = len(file) if isinstance(file, bytes) else file.stat().st_size
    if n_bytes > MAX_BYTES:
        return _refuse(name, f"larger than {MAX_BYTES // 2**20:,} MB", "save it as Parquet, or leave out columns")
    return read_delimited(file if isinstance(file, bytes) else read_regular(file, MAX_BYTES), name)


def _refuse(name: str, what: str, advice: str) -> pd.DataFrame:
    raise InputError(f"{name!r} is {what} and cannot be read as a table; {advice}.")


def _refuse_unopenable(path: Path) -> None:
    try:
        with open_regular(path):
            return
    except IsADirectoryError:
        reason = f"{str(path)!r} is a folder"
    except (FileNotFoundError, ValueError):
        reason = f"There is no file {str(path)!r}"
    except OSError as error:
        reason = f"{str(path)!r} cannot be read ({error.strerror})"
    raise InputError(f"{reason}; give a table as CSV or Parquet, or a .keras model to import.")


def _unpacked(file: Path | bytes, name: str) -> bytes:
    try:
        with io.BytesIO(file) if isinstance(file, bytes) else open_regular(file) as packed, gzip.open(packed) as opened:
            content = opened.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise InputError(f"{name!r} is compressed with gzip and cut off or broken; copy it again.") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{name!r} unpacks to more than {MAX_BYTES // 2**20:,} MB; save it as Parquet, or leave out columns.")
    return content


def _parquet(file: Path | bytes, name: str) -> pd.DataFrame:
    try:
        table = written_out(read_table(file))
        columns = {place: _plain(column) for place, column in enumerate(table.columns)}
        kept = {place: column for place, column in columns.items() if column is not None}
        found = pa.table({str(place): column for place, column in kept.items()}).to_pandas()
    except TooLarge as error:
        return _refuse(name, str(error), "leave out columns or rows")
    except Exception as error:  # pyarrow raises many kinds on a broken file
        reason = " ".join(str(error).split())[:100]
        raise InputError(f"{name!r} is not a readable table: broken Parquet ({reason}); save it again.") from None
    return found.set_axis([table.column_names[place] for place in kept], axis=1)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """A column as text or numbers; None for lists, structures and bytes that are no text."""
    kind = column.type
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return column.cast(pa.float64())
    if pa.types.is_floating(kind) or pa.types.is_boolean(kind) or (pa.types.is_integer(kind) and not column.null_count):
        return column
    try:
        return column.cast(pa.string())  # whole numbers with gaps too: as floats, long ones would lose their last digits
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _trimmed(table: pd.DataFrame) -> pd.DataFrame:
    names = [UNNAMED if str(name).strip() in ("", ARROW_INDEX) else str(name).strip() for name in table.columns]
    columns = [_stripped(table.iloc[:, place]) for place in range(len(names))]
    unnamed = [name.startswith("Unnamed: ") for name in names]
    kept = [place for place in range(len(names)) if not (unnamed[place] and _says_nothing(columns[place]))]
    if not kept:
        return pd.DataFrame()
    found = pd.concat([columns[place] for place in kept], axis=1).set_axis([names[place] for place in kept], axis=1)
    if found.iloc[:, 0].isna().any():
        found = found[~found.isna().all(axis=1)]
    return found.reset_index(drop=True)


def _stripped(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values):
        return values
    text = values.astype("str").str.strip()
    return text.mask(text == "")


def _says_nothing(values: pd.Series) -> bool:
    """Whether a column without a name is empty or numbers the rows."""
    if values.isna().all():
        return True
    numbers = as_numbers(values.dropna()).to_numpy()
    return bool(np.isfinite(numbers).all() and (np.diff(numbers) == 1).all() and numbers[0] in (0, 1))
