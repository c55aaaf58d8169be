"""What a table of predictions must hold before anything is computed from it, and how far rounding may lead out of [0, 1]."""

from __future__ import annotations

from typing import overload

import numpy as np
import pandas as pd

from core.counted import counted
from core.errors import InputError

ROUNDING = 1e-5  # a softmax, a mean of several or 1 - p in float32 leaves [0, 1] by less


@overload
def within_unit(values: float) -> float: ...


@overload
def within_unit(values: np.ndarray) -> np.ndarray: ...


def within_unit(values: np.ndarray | float) -> np.ndarray | float:
    """Numbers that rounding alone led out of [0, 1] put back to its ends; others as they are, NaN too.

    Parameters
    ----------
    values : float or ndarray of any shape

    Returns
    -------
    float or ndarray of the same shape
    """
    found = np.asarray(values, dtype=np.float64)
    found = np.where((found < 0) & (found >= -ROUNDING), 0.0, np.where((found > 1) & (found <= 1 + ROUNDING), 1.0, found))
    return found if np.ndim(values) else float(found)


def check_predictions(table: pd.DataFrame, class_names: tuple[str, ...], where: str) -> pd.DataFrame:
    """The table if it has valid scores for each class, those just outside [0, 1] by rounding put at its ends.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, split, y_true, p_<class>…``.
    class_names : tuple of str
    where : str
        What errors call it.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
        Naming `where` and what is wrong.
    """
    columns = ["sample_id", "split", "y_true", *(f"p_{name}" for name in class_names)]
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InputError(f"The predictions of {where} lack the columns {', '.join(missing)}.")
    if table["sample_id"].duplicated().any():
        raise InputError(f"The predictions of {where} name {counted(int(table['sample_id'].duplicated().sum()), 'sample')} twice.")
    return check_scores(table, class_names, f"The predictions of {where}")


def check_scores(table: pd.DataFrame, class_names: tuple[str, ...], what: str) -> pd.DataFrame:
    """The table, of predictions or of a battery, if each row has an image, a label and a probability of each class.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, y_true, p_<class>…``.
    class_names : tuple of str
    what : str
        How errors begin, such as ``The predictions of x``; it is plural.

    Returns
    -------
    DataFrame

    Raises
    ------
    InputError
    """
    columns = [f"p_{name}" for name in class_names]
    if table["sample_id"].isna().any():
        raise InputError(f"{what} hold rows without a sample id.")
    scores = within_unit(table[columns].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float))
    if not np.isfinite(scores).all() or scores.min(initial=0) < 0 or scores.max(initial=0) > 1:
        raise InputError(f"{what} hold scores that are not probabilities in [0, 1].")
    if not table["y_true"].isin(range(len(class_names))).all():
        raise InputError(f"{what} hold labels outside 0 to {len(class_names) - 1}.")
    given = table[columns].to_numpy()
    outside = given.dtype == object or (np.asarray(given) < 0).any() or (np.asarray(given) > 1).any()
    table = table.assign(**dict(zip(columns, scores.T, strict=True))) if outside else table
    return table if table["y_true"].dtype.kind in "iu" else table.assign(y_true=table["y_true"].astype("int64"))
