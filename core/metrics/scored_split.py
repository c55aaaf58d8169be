"""The stored scores of a run on one split of its images, and what to do where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.errors import InputError

if TYPE_CHECKING:
    from core.runs.run import Run


def scored_split(run: Run, split: str) -> pd.DataFrame:
    """A run's predictions of one split.

    Parameters
    ----------
    run : Run
    split : {"test", "val"}

    Returns
    -------
    DataFrame
        Rows of the split, with a new index.

    Raises
    ------
    InputError
        If there are none, with what to do instead.
    """
    if split == "test" and not (run.predictions["split"] == "test").any():
        raise InputError(f"The run {run.name!r} has no test scores. {no_test_images(run)}")
    return select_split(run.predictions, split, run.name)


def no_test_images(run: Run) -> str:
    """What to do about a run that was scored on no test images.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
    """
    advice = "" if run.config.system == "imported" else f": python -m core evaluate {run.name} --recompute --data OTHER"
    return f"Its data set had no test images; judge the run on others{advice}."


def select_split(predictions: pd.DataFrame, split: str, name: str) -> pd.DataFrame:
    """The rows of one split; raises InputError if there are none."""
    table = predictions[predictions["split"] == split]
    if table.empty:
        others = ", ".join(predictions["split"].unique()) or "none at all"
        raise InputError(f"The run {name!r} has no predictions for the split {split!r}; it has {others}.")
    return table.reset_index(drop=True)
