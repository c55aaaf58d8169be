"""The files of a run read with care: what cannot be read is named, with the way to make it again."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from core.errors import InputError
from core.mending import mended_by


def text_of(run: Path, name: str) -> str:
    """The text of a file of the run in the folder `run`; raises InputError if it cannot be read."""
    try:
        return (run / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"The run {run.name!r} has no readable {name}; {mended_by(name, run.name)}") from None


def json_of(run: Path, name: str) -> dict:
    """The object in a JSON file; raises InputError if there is none."""
    try:
        content = json.loads(text_of(run, name))
    except (json.JSONDecodeError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise broken(run, name)
    return content


def table_of(run: Path, name: str) -> pd.DataFrame:
    """The table in a Parquet file; raises InputError if it cannot be read."""
    try:
        return pd.read_parquet(run / name)
    except Exception:  # pyarrow raises many kinds on a broken file
        raise broken(run, name) from None


def broken(run: Path, name: str, how: str = "") -> InputError:
    """``The run 'x' has a broken card.json; …``: what is wrong and how that file is made again."""
    return InputError(f"The run {run.name!r} has a broken {name}{how}; {mended_by(name, run.name)}")
