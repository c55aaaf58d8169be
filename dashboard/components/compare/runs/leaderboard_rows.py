"""The rows of the Compare page's leaderboard: one for the seeds of a recipe, or one for each run; the most promising before test first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.runs.origin import NO_TRAINING
from core.runs.run import Run
from dashboard.components.runs.recipe_board import boards


def board_rows(runs: Sequence[Run], each: bool) -> pd.DataFrame:
    """Results as `board_columns.written` takes them, in the order of what was known before test.

    Parameters
    ----------
    runs : sequence of Run
        That can be judged on test.
    each : bool
        Whether every run has a row of its own.

    Returns
    -------
    DataFrame
        Of `core.reporting.recipe_leaderboard.group_board`, with ``title``, and ``seeds`` as ``0, 1, 2``.
    """
    by_recipe, by_run, _ = boards(runs)
    board = by_run if each else by_recipe
    told = {
        "title": board["group"],
        "class_names": board["class_names"].map(", ".join),
        "seeds": board["seeds"].map(lambda seeds: ", ".join(map(str, seeds))).mask(board["system"].isin(NO_TRAINING), ""),
    }
    return board.assign(**told).drop(columns=["group", "before_sd", "before_on"])
