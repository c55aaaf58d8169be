"""The leaderboard of groups: a line for the seeds of one recipe, ordered by what was known before test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import InputError
from core.metrics.evaluation import Evaluation, evaluate_run
from core.metrics.generalisation import BATTERY, before_test, generalisation
from core.replication import over_seeds

if TYPE_CHECKING:
    from core.identity import Group
    from core.run import Run


def group_board(
    groups: Sequence[Group],
    evaluate: Callable[[Run], Evaluation] = evaluate_run,
    before: Callable[[Run], pd.DataFrame] = generalisation,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row for each group, the most promising before test first.

    Parameters
    ----------
    groups : sequence of Group
    evaluate : callable of Run
        Gives a run's evaluation on test at its own operating point.
    before : callable of Run
        Gives a run's point metrics on each set of images, as `core.metrics.generalisation.generalisation` does.

    Returns
    -------
    board : DataFrame
        ``group, system, n_classes, class_names, data_title, fingerprint, runs, n_runs, seeds, n_test, before, before_sd, before_on``
        and for each metric ``<metric>`` (mean over the runs), ``_sd``, ``_low``, ``_high`` (mean ends of the runs' 95 % intervals).
        ``before`` is the mean AUC on the validation images with clues removed (the battery), or plain ones where
        ``before_on`` says so; rows with a battery come first, since plain validation flatters.
    broken : dict of str to str
        By id, why a run cannot be judged; one stops no other.
    """
    rows, broken = [], {}
    for group in groups:
        judged = []
        for run in group.runs:
            try:
                judged.append((run, evaluate(run)))
            except InputError as error:
                broken[run.name] = str(error)
        if judged:
            rows.append(_row(group, judged, before))
    return _ordered(pd.DataFrame(rows)), broken


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
    """
    alike = (board["system"] == row["system"]) & (board["n_classes"] == row["n_classes"]) & (board["fingerprint"] == row["fingerprint"])
    variants = board[alike]
    ranges = [np.ptp([areas[run] for run in runs]) for runs in variants["runs"] if len(runs) > 1]
    if len(variants) < 2 or not ranges:
        return None
    return Spread(row["system"], len(variants), float(np.ptp(variants["roc_auc"])), int(variants["n_runs"].max()), float(max(ranges)))


def _row(group: Group, judged: list[tuple[Run, Evaluation]], before: Callable[[Run], pd.DataFrame]) -> dict:
    first, config = judged[0][0], judged[0][0].config
    on, known = before_test([_table(before, run) for run, _ in judged])
    areas = pd.Series(known)
    return {
        "group": group.name, "system": config.system, "n_classes": config.n_classes, "class_names": config.class_names,
        "data_title": config.data_title, "fingerprint": config.fingerprint, "runs": tuple(run.name for run, _ in judged),
        "n_runs": len(judged), "seeds": tuple(run.config.seed for run, _ in judged), "n_test": judged[0][1].n_samples,
        "parameters": _parameters(first), "before": areas.mean(), "before_sd": areas.std(), "before_on": on,
    } | over_seeds([evaluation for _, evaluation in judged])  # fmt: skip


def _table(before: Callable[[Run], pd.DataFrame], run: Run) -> pd.DataFrame:
    try:
        return before(run)
    except InputError:
        return pd.DataFrame()


def _parameters(run: Run) -> int | None:
    try:
        return run.card.params_total
    except InputError:
        return None


def _ordered(board: pd.DataFrame) -> pd.DataFrame:
    if board.empty:
        return board
    ranks = board.assign(plain=board["before_on"] != BATTERY)
    return ranks.sort_values(["n_classes", "plain", "before"], ascending=[True, True, False], kind="stable", ignore_index=True).drop(
        columns="plain"
    )
