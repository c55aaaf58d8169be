"""The leaderboard: a line for the seeds of one recipe, or for one run, ordered by what was known before test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import InputError
from core.metrics.generalisation import BATTERY, before_test, generalisation
from core.reporting.leaderboard import board_row
from core.reporting.published_vs_measured import METRICS

if TYPE_CHECKING:
    from core.runs.identity import Group
    from core.runs.run import Run


def group_board(
    groups: Sequence[Group],
    row_of: Callable[[Run], dict] = board_row,
    before: Callable[[Run], pd.DataFrame] = generalisation,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row for each group, the most promising before test first.

    Parameters
    ----------
    groups : sequence of Group
    row_of : callable of Run
        Gives a run's facts and figures on test, as `core.reporting.leaderboard.board_row` does.
    before : callable of Run
        Gives a run's point metrics on each set of images, as `core.metrics.generalisation.generalisation` does.

    Returns
    -------
    board : DataFrame
        What `row_of` gives: of numbers the mean over the runs, ends of 95 % intervals too, and ``<name>_sd``, their standard deviation
        (NaN of one run); of texts the first run's. And ``group, class_names, runs, n_runs, seeds, before, before_sd, before_on``.
        ``before`` is the mean AUC on the validation images with clues removed (the battery), or plain ones where
        ``before_on`` says so; rows with a battery come first, since plain validation flatters.
    broken : dict of str to str
        By id, why a run cannot be judged; one stops no other.
    """
    lines: list[dict] = []
    rows: list[dict] = []
    broken: dict[str, str] = {}
    for group in groups:
        judged = []
        for run in group.runs:
            try:
                rows.append(row_of(run) | {"line": len(lines)})
                judged.append(run)
            except InputError as error:
                broken[run.name] = str(error)
        if judged:
            lines.append(_line(group, judged, before))
    return _ordered(_over_seeds(rows).assign(**pd.DataFrame(lines)) if lines else pd.DataFrame()), broken


@dataclass(frozen=True)
class Spread:
    """How far the variants of a system lie apart on test, beside the seeds of one variant.

    Attributes
    ----------
    system : str
    n_variants : int
    between : float
        Largest minus smallest mean AUC of the variants.
    n_seeds : int
        Most seeds of one variant.
    within : float
        Largest range of AUC among the seeds of one variant.
    """

    system: str
    n_variants: int
    between: float
    n_seeds: int
    within: float


def spread(board: pd.DataFrame, areas: Mapping[str, float], row: Mapping) -> Spread | None:
    """Whether the settings of a row's system move its AUC more than its seeds do; None without two variants and two seeds.

    Parameters
    ----------
    board : DataFrame
        Of `group_board`.
    areas : mapping of str to float
        By id, the AUC of each run on test.
    row : mapping
        Of the board.

    Returns
    -------
    Spread or None
    """
    alike = (board["system"] == row["system"]) & (board["n_classes"] == row["n_classes"]) & (board["fingerprint"] == row["fingerprint"])
    variants = board[alike]
    ranges = [np.ptp([areas[run] for run in runs]) for runs in variants["runs"] if len(runs) > 1]
    if len(variants) < 2 or not ranges:
        return None
    return Spread(row["system"], len(variants), float(np.ptp(variants["roc_auc"])), int(variants["n_runs"].max()), float(max(ranges)))


def _line(group: Group, runs: list[Run], before: Callable[[Run], pd.DataFrame]) -> dict:
    """What a line says besides the figures of its runs."""
    on, known = before_test([_table(before, run) for run in runs])
    areas, config = pd.Series(known), runs[0].config
    return {
        "group": group.name, "class_names": config.class_names, "n_classes": config.n_classes, "runs": tuple(run.name for run in runs),
        "run": ", ".join(run.name for run in runs), "n_runs": len(runs), "seeds": tuple(run.config.seed for run in runs),
        "before": areas.mean(), "before_sd": areas.std(), "before_on": on,
    }  # fmt: skip


def _over_seeds(rows: list[dict]) -> pd.DataFrame:
    """The rows of each line as one: means and standard deviations of numbers, the first of texts; in the order of the lines."""
    table = pd.DataFrame(rows).reindex(columns=list(dict.fromkeys([*METRICS, *(name for row in rows for name in row)])))
    numbers = table.select_dtypes("number").columns.drop("line")
    by_line = table.groupby("line")
    spreads = by_line[list(numbers)].std().add_suffix("_sd")
    texts = by_line[list(table.columns.difference([*numbers, "line"]))].first()
    return pd.concat([by_line[list(numbers)].mean(), spreads, texts], axis=1).reset_index(drop=True)


def _table(before: Callable[[Run], pd.DataFrame], run: Run) -> pd.DataFrame:
    try:
        return before(run)
    except InputError:
        return pd.DataFrame()


def _ordered(board: pd.DataFrame) -> pd.DataFrame:
    if board.empty:
        return board
    ranks = board.assign(plain=board["before_on"] != BATTERY)
    return ranks.sort_values(["n_classes", "plain", "before"], ascending=[True, True, False], kind="stable", ignore_index=True).drop(
        columns="plain"
    )
