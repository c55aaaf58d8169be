"""Labels that a table of predictions states, held against those of the images."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.counted import counted
from core.datasets.tables.columns import Naming
from core.datasets.tables.tabular import as_numbers, as_text
from core.errors import InputError
from core.external.score_columns import ScoreColumns
from core.external.scores import shown

TRUTH_VALUES = {"false": 0, "true": 1}


def compare_labels(
    table: pd.DataFrame, name: str, title: str, y_true: np.ndarray, columns: ScoreColumns, naming: Naming
) -> tuple[str, ...]:
    """Raise InputError where ``y_true`` differs from the known labels; say it of a column that may be a model's own call."""
    class_names = columns.class_names or ()
    if columns.y_true is not None:
        given = table.iloc[:, columns.y_true]
        wrong = _differing(given, y_true, class_names, naming) & given.notna().to_numpy()
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            labels = ", ".join(f"{class_id} ({class_name})" for class_id, class_name in enumerate(class_names))
            raise InputError(
                f"{name!r} has other labels than the data set in {counted(int(wrong.sum()), 'row')}, first {shown(given.iloc[row])} in row "
                f"{row + 1}; labels are {labels}, or leave the column out."
            )
    if columns.label is None:
        return ()
    given = table.iloc[:, columns.label]
    ids = _class_ids(given, class_names, naming)
    wrong = ids != y_true
    if not np.isin(ids, range(len(class_names))).all() or not wrong.any():
        return ()
    return (
        f"The column {table.columns[columns.label]} differs from the labels of {title} in {int(wrong.sum()):,} of "
        f"{counted(len(wrong), 'row')}; it was taken for what a model or a reader called, and the labels of the "
        "data set count. If it is the truth, call it y_true.",
    )


def _differing(given: pd.Series, y_true: np.ndarray, class_names: tuple[str, ...], naming: Naming) -> np.ndarray:
    return _class_ids(given, class_names, naming) != y_true


def _class_ids(given: pd.Series, class_names: tuple[str, ...], naming: Naming) -> np.ndarray:
    """Class numbers of labels that are class names or such numbers already; NaN for others."""
    by_name = {class_name.casefold(): class_id for class_id, class_name in enumerate(class_names)}
    text = as_text(given)
    ours = {value: by_name.get(naming.ours(value).casefold()) for value in text.dropna().unique()}
    if len(class_names) == 2 and {value.casefold() for value in ours} <= TRUTH_VALUES.keys():  # of "is it the positive class?"
        ours = {value: TRUTH_VALUES[value.casefold()] for value in ours}
    ids = text.map(ours).astype("float64")
    return ids.fillna(as_numbers(given)).to_numpy()
