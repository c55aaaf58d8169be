"""Columns of scores to probabilities: what rounding explains is put right, anything else is named with its row."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from core.counted import counted
from core.datasets.tables.tabular import as_numbers, as_text
from core.errors import InputError
from core.runs.predictions_table import within_unit

TOLERANCE = 0.01  # by how much a sum may miss 1 with however many decimals, as a softmax in half precision does
EXACT = 1e-6  # float32 holds a decimal fraction to within less


def probabilities(table: pd.DataFrame, name: str) -> np.ndarray:
    """Scores of all classes, or of the second of two alone, as probabilities.

    A score may lie outside [0, 1] by `core.runs.predictions_table.ROUNDING`. A sum may miss 1 by 0.01, or by half a unit of the
    last written decimal for each class where that is more: three classes of two decimals by 0.015, of one decimal by 0.15. The
    decimals are the most that any score of the table has.

    Parameters
    ----------
    table : DataFrame of shape (n_samples, n_classes) or (n_samples, 1)
        Numbers, or text that holds numbers.
    name : str
        What errors call the table.

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float64
        In [0, 1]; rows sum to 1.

    Raises
    ------
    InputError
        If scores are no numbers, lie outside [0, 1] or do not sum to 1.
    """
    values = _numbers(table, name)
    if values.shape[1] == 1:
        return np.hstack([1 - values, values])
    sums = values.sum(axis=1)
    off = np.abs(sums - 1) > sum_tolerance(values)
    if off.any():
        row = int(np.flatnonzero(off)[0])
        raise InputError(
            f"In {name!r} the probabilities of {counted(int(off.sum()), 'row')} do not sum to 1, first in row {row + 1} ({sums[row]:.4g}); "
            "give softmax outputs."
        )
    return values / sums[:, None]


def sum_tolerance(values: np.ndarray) -> float:
    """By how much rows of rounded probabilities may miss a sum of 1; `values` has shape (n_samples, n_classes)."""
    decimals = next((d for d in (1, 2) if np.abs(values - values.round(d)).max(initial=0) < EXACT), 3)
    return max(TOLERANCE, values.shape[1] / 2 * 10.0**-decimals) + EXACT


def _numbers(table: pd.DataFrame, name: str) -> np.ndarray:
    values = np.column_stack([as_numbers(table.iloc[:, place]) for place in range(table.shape[1])])
    signs = any(as_text(table.iloc[:, place]).str.endswith("%").any() for place in range(table.shape[1]))
    advice = "write shares without the sign, 0.9 for 90%" if signs else "fill or leave out those rows"
    _refuse(~np.isfinite(values), "not a number", advice, table, name, table.to_numpy())
    values = within_unit(values)
    shares = "these are per cent, so divide them by 100" if _per_cent(values) else "give probabilities, not logits or per cent"
    _refuse((values < 0) | (values > 1), "outside 0 to 1", shares, table, name, values)
    return values


def _per_cent(values: np.ndarray) -> bool:
    return values.shape[1] > 1 and values.min() >= 0 and bool((np.abs(values.sum(axis=1) - 100) <= 1).all())


def _refuse(bad: np.ndarray, what: str, advice: str, table: pd.DataFrame, name: str, cells: np.ndarray) -> None:
    if not bad.any():
        return
    row, column = np.argwhere(bad)[0]
    count = int(bad.any(axis=1).sum())
    raise InputError(
        f"{name!r} holds scores that are {what} in {counted(count, 'row')}, first {shown(cells[row, column])} in row {row + 1}, "
        f"column {table.columns[column]}; {advice}."
    )


def shown(cell: object) -> str:
    """A cell as a sentence shows it: a plain number, text in quotes, or ``an empty cell``."""
    if pd.isna(cell) or str(cell).strip().lower() == "nan":
        return "an empty cell"
    try:
        number = float(str(cell))
    except (TypeError, ValueError):
        number = math.inf
    return f"{number:.6g}" if math.isfinite(number) else repr(str(cell)[:40])
