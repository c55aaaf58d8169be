"""What a person said of the columns of a table whose names do not tell, kept so that a training and a later session read it alike."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd

from core.datasets.tables.columns import Naming, UnclearColumns, key
from core.datasets.tables.listing_columns import image_columns
from core.errors import InputError
from core.files import cache_dir, write_json

SAID = "The columns are read as they were assigned on the Data page"  # begins the note on it


def columns_said(table: pd.DataFrame, path: Path, naming: Naming) -> tuple[dict[str, int], Naming, list[str]]:
    """Where the columns of a table of images are: by their names or, where these do not tell, by what was said of it before.

    Returns
    -------
    places : dict of str to int
        As `image_columns` finds them.
    naming : Naming
        By which they were found.
    notes : list of str
        What a reader must know of that.

    Raises
    ------
    InputError
        As `image_columns` does.
    """
    try:
        return image_columns(table, path, naming), naming, []
    except UnclearColumns:
        said = None if naming else remembered_columns(path, list(table.columns))
        if not said:
            raise
    meant = ", ".join(f"{theirs} is {ours}" for ours, theirs in said.columns.items())
    return image_columns(table, path, said), said, [f"{SAID}: {meant}."]


def remember_columns(path: Path, columns: list[str], naming: Naming) -> None:
    """Keep what the columns of the table at `path` mean.

    Parameters
    ----------
    path : Path
        Of the table.
    columns : list of str
        The table's own names.
    naming : Naming
        What somebody said of its columns and classes.

    Raises
    ------
    InputError
        If the cache folder cannot be written to.
    """
    write_json(_file(path, columns), {"columns": dict(naming.columns), "class_names": dict(naming.class_names)})


def remembered_columns(path: Path, columns: list[str]) -> Naming | None:
    """What was said of a table of this path and these columns; None if nothing was."""
    try:
        said = json.loads(_file(path, columns).read_text("utf-8"))
        return Naming(dict(said["columns"]), dict(said["class_names"]))
    except (OSError, ValueError, KeyError, TypeError, InputError):  # none yet, or a broken one
        return None


def forget_columns(path: Path, columns: list[str]) -> None:
    """Forget it, so that it is asked again.

    Parameters
    ----------
    path : Path
        Of the table.
    columns : list of str
        The table's own names.
    """
    _file(path, columns).unlink(missing_ok=True)


def _file(path: Path, columns: list[str]) -> Path:
    said = "\n".join([str(path.absolute()), *map(key, columns)])
    return cache_dir("columns") / f"{hashlib.blake2b(said.encode('utf-8', 'surrogateescape'), digest_size=16).hexdigest()}.json"
