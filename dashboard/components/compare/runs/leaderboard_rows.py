"""The rows of the Compare page's leaderboard: one for the seeds of a recipe, or one for each run; the most promising before test first."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.runs.origin import NO_TRAINING
from core.runs.run import Run
from dashboard import state
from dashboard.components.overview.leaderboard import boards


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
        The columns of `state.board`, and ``runs`` (tuple of ids), ``seeds`` (``0, 1, 2``), ``n_runs``, ``before`` (AUC before test) and
        for each metric ``<metric>_sd``. Of several runs, numbers are means, ends of intervals too.
    """
    by_recipe, by_run, _ = boards(runs)
    figures = state.board(runs).set_index("run", drop=False)
    return pd.DataFrame([_row(line, figures.loc[list(line["runs"])]) for line in (by_run if each else by_recipe).to_dict("records")])


def _row(line: dict, figures: pd.DataFrame) -> dict:
    """A line of `core.reporting.recipe_leaderboard` with what else is known of its runs."""
    numbers = figures.select_dtypes("number")
    spreads = {f"{name}_sd": value for name, value in numbers.std().items()}
    texts = {name: figures[name].iloc[0] for name in figures.columns.difference(numbers.columns)}
    seeds = "" if line["system"] in NO_TRAINING else ", ".join(map(str, line["seeds"]))
    return numbers.mean().to_dict() | spreads | texts | {
        "title": line["group"], "run": ", ".join(line["runs"]), "runs": line["runs"], "n_runs": line["n_runs"],
        "seeds": seeds, "before": line["before"], "n_classes": line["n_classes"],
    }  # fmt: skip
