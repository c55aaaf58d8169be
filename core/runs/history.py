"""The epochs of a training as its ``history.csv`` tells them, with what cannot be an epoch or a number left out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from core.runs.reading import broken, text_of

HISTORY = "history.csv"
MOST_EPOCHS = 10**6
METRIC = re.compile(r"[a-z][a-z0-9_]{0,60}")
DERIVED = re.compile(r"n_runs|.*_(low|high)")  # of `core.metrics.seed_bands`: no training writes them


def read_history(run: Path) -> pd.DataFrame:
    """One row for each finished epoch of the run in a folder; empty before the first.

    Parameters
    ----------
    run : Path

    Returns
    -------
    DataFrame
        ``epoch, <metric>…``, all float64; a cell that is no number is NaN, and a row without a possible epoch is left out. No column of
        another kind, and none that is derived from several runs.

    Raises
    ------
    InputError
        If the file cannot be read as a table, or has no column ``epoch``.
    """
    if not (run / HISTORY).exists():
        return pd.DataFrame(columns=["epoch"])
    try:
        table = pd.read_csv(io.StringIO(text_of(run, HISTORY)), index_col=False, dtype=str)
    except pd.errors.EmptyDataError:
        return pd.DataFrame(columns=["epoch"])
    except (ValueError, TypeError, OverflowError):  # an InputError is one, too
        table = pd.DataFrame()
    if "epoch" not in table:
        raise broken(run, HISTORY)
    known = [name for name in table if METRIC.fullmatch(name) and not DERIVED.fullmatch(name)]
    table = table[known].apply(pd.to_numeric, errors="coerce").astype(np.float64)
    return table[table["epoch"].between(0, MOST_EPOCHS)].reset_index(drop=True)
