"""The files of a run read with care: what cannot be read is named, with the way to make it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from core.errors import InputError
from core.files.parquet import read_table, written_out
from core.files.regular import read_regular
from core.runs.mending import mended_by

if TYPE_CHECKING:
    from core.runs.fields import Fields

    Kind = TypeVar("Kind", bound=Fields)

MOST = 2**22  # bytes of a file of text: those of runs have a few thousand
WORDS = ("sample_id", "split", "variant")  # columns of text


def text_of(run: Path, name: str) -> str:
    """The text of a file of the run in the folder `run`.

    Parameters
    ----------
    run : Path
        Its folder.
    name : str
        Of the file.

    Returns
    -------
    str

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        return read_regular(run / name, MOST).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"The run {run.name!r} has no readable {name}; {mended_by(name, run.name)}") from None


def json_of(run: Path, name: str) -> dict:
    """The object in a JSON file.

    Parameters
    ----------
    run : Path
        Its folder.
    name : str
        Of the file.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If there is none.
    """
    text = text_of(run, name)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise broken(run, name)
    return content


def fields_of(run: Path, name: str, kind: type[Kind]) -> Kind:
    """The same as fields; raises InputError also if one of them is of another kind.

    Parameters
    ----------
    run : Path
        Its folder.
    name : str
        Of the file.
    kind : type
        What its fields must be.

    Returns
    -------
    Kind
    """
    content = json_of(run, name)
    try:
        return kind.model_validate(content)
    except (ValueError, RecursionError) as error:  # pydantic's errors are ValueErrors
        raise broken(run, name, _where(error)) from None


def table_of(run: Path, name: str, columns: tuple[str, ...] = ()) -> pd.DataFrame:
    """The table in a Parquet file; names and splits are text.

    Parameters
    ----------
    run : Path
        Its folder.
    name : str
        Of the file.
    columns : tuple of str
        Those that it must have.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        If it cannot be read or lacks one of `columns`.
    """
    try:
        table = written_out(read_table(run / name)).to_pandas()
        table = table.astype({column: "str" for column in WORDS if column in table.columns})
    except Exception:  # pyarrow raises many kinds on a broken file
        raise broken(run, name) from None
    missing = [column for column in columns if column not in table.columns]
    if missing or table.columns.has_duplicates:
        raise broken(run, name, f" (it lacks the column {missing[0]})" if missing else " (two of its columns have one name)")
    return table


def broken(run: Path, name: str, how: str = "") -> InputError:
    """``The run 'x' has a broken card.json; …``: what is wrong and how that file is made again.

    Parameters
    ----------
    run : Path
        Its folder.
    name : str
        Of the file.
    how : str
        What is wrong with it.

    Returns
    -------
    InputError
    """
    return InputError(f"The run {run.name!r} has a broken {name}{how}; {mended_by(name, run.name)}")


def _where(error: Exception) -> str:
    """The field that is wrong, where it is one."""
    errors = getattr(error, "errors", None)
    place = ".".join(str(part)[:40] for part in errors()[0]["loc"][:3]) if errors else ""
    return f" (its {place} is not of the right kind)" if place else ""
