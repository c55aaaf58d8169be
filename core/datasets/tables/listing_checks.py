"""What a table of images may not say: one file twice, in two splits or in two classes."""

from __future__ import annotations

import posixpath
from pathlib import Path

import pandas as pd

from core.counted import counted
from core.datasets.tables.columns import listed
from core.datasets.tables.listed import plain_names
from core.errors import InputError


def refuse_contradictions(rows: pd.DataFrame, path: Path) -> None:
    """Raise InputError if a table gives one file two splits or two classes."""
    if "path" not in rows:
        return
    placed = rows.assign(path=plain_names(rows["path"]).map(_place))
    _refuse_two_splits(placed, path)
    classes = placed[["path", "class_name"]].drop_duplicates()
    twice = classes[classes["path"].duplicated(keep=False)]
    if len(twice):
        first = twice[twice["path"] == twice["path"].iloc[0]]["class_name"]
        raise InputError(
            f"{path.name!r} gives {twice['path'].iloc[0]!r} more than one class ({listed(first)}), and so "
            f"{counted(twice['path'].nunique(), 'image')}; keep one row for each image."
        )


def _place(name: str) -> str:
    """A path without its detours, so that ``./i/../i/a.png`` is ``i/a.png``."""
    return posixpath.normpath(name) if (isinstance(name, str) and "." in name.split("/")[:-1]) or ".." in str(name) else name


def _refuse_two_splits(rows: pd.DataFrame, path: Path) -> None:
    splits = rows[["path", "split"]].drop_duplicates()
    twice = splits[splits["path"].duplicated(keep=False)]
    if len(twice):
        raise InputError(
            f"{path.name!r} puts {twice['path'].iloc[0]!r} into more than one split, and "
            f"{counted(twice['path'].nunique(), 'file')} in all; an image that is trained on proves nothing in test, so "
            "keep one row for each."
        )


def refuse_repeats(sample_ids: pd.Series, path: Path) -> None:
    """Raise InputError if a table names an image more than once."""
    repeated = sample_ids[sample_ids.duplicated()]
    if len(repeated):
        raise InputError(
            f"{path.name!r} names {repeated.iloc[0]!r} more than once ({counted(len(repeated), 'such row')}); name each image once."
        )
