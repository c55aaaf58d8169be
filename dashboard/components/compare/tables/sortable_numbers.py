"""Numbers that a table shows as text, with their interval say, and sorts as numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
from pandas.io.formats.style import Styler


class Told(float):
    """A number and how a table writes it."""

    text: str

    def __new__(cls, value: float | None, text: str) -> Told:
        """NaN for None."""
        told = super().__new__(cls, math.nan if value is None else value)
        told.text = text
        return told


def told(values: Iterable[float | None], texts: Iterable[str]) -> pd.Series:
    """A column of numbers, each with its text."""
    return pd.Series([Told(value, text) for value, text in zip(values, texts, strict=True)], dtype=object)


def shown(table: pd.DataFrame) -> pd.DataFrame | Styler:
    """A table for `st.dataframe`: a click on a head sorts columns of `told` by their numbers, not by their text."""
    columns = told_columns(table)
    return table.style.format(_text, subset=columns) if columns and len(table) else table


def told_columns(table: pd.DataFrame) -> list[str]:
    """The columns of `told`."""
    return [name for name in table if table[name].map(_is_told).any()]


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the texts in the place of the numbers, for a write-up."""
    return table.map(lambda cell: cell.text if _is_told(cell) else cell)


def _is_told(cell: object) -> bool:
    return isinstance(cell, Told)


def _text(cell: object) -> str:
    return cell.text if isinstance(cell, Told) else str(cell)
