"""What our systems were to reach on the official test images, beside what they reached: nothing was chosen by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.metrics.generalisation import BATTERY, before_test, generalisation
from core.metrics.run_threshold import resolve_threshold
from core.metrics.statistics.intervals import in_figures
from core.metrics.titles import short
from core.reporting.leaderboard import worst_in

if TYPE_CHECKING:
    from core.runs.run import Run

RATE = "worst_specificity"
BEST = "The run that was best before test"


@dataclass(frozen=True)
class Goal:
    """A figure to reach at the recommended threshold.

    Attributes
    ----------
    of : str
        Whose mean over seeds it is, as a table calls them: a system, an ensemble, or `BEST`.
    metric : str
        ``roc_auc``, ``accuracy``, ``sensitivity``, ``specificity``, ``macro_f1``, or `RATE`.
    least : float
    """

    of: str
    metric: str
    least: float


MOBILE, SCRATCH, THREE = "Lens-MobileNet, 2 classes", "Lens-Scratch, 2 classes", "Lens-MobileNet, 3 classes"
ALL = "Lens-MobileNet ×3 + Lens-Scratch ×3, mean, 2 classes"
GOALS = (
    Goal(MOBILE, "accuracy", 0.945),
    Goal(MOBILE, "sensitivity", 0.97),
    Goal(MOBILE, "specificity", 0.87),
    Goal(MOBILE, "roc_auc", 0.99),
    Goal(SCRATCH, "accuracy", 0.94),
    Goal(ALL, "accuracy", 0.95),
    Goal(ALL, "roc_auc", 0.99),
    Goal(THREE, "accuracy", 0.90),
    Goal(THREE, "macro_f1", 0.89),
    Goal(BEST, RATE, 0.70),
)


def goals(
    groups: Mapping[str, Sequence[Run]], runs: Sequence[Run], figures: Callable[[Run], pd.DataFrame] = generalisation
) -> pd.DataFrame:
    """Each goal beside what was measured, as a person reads it.

    Parameters
    ----------
    groups : mapping of str to sequence of Run
        By what a table calls them, the runs whose mean counts.
    runs : sequence of Run
        All that may be the best before test.
    figures : callable of Run
        Gives what `core.metrics.generalisation.generalisation` does; where it is known already, not anew.

    Returns
    -------
    DataFrame
        ``System, Figure, Goal, Measured, Reached``; without goals of which there is no run.
    """
    titles, best = short(*(goal.metric for goal in GOALS if goal.metric != RATE)) | {RATE: "Specificity, worst group"}, _best(runs, figures)
    members = {**groups, BEST: [best] if best else []}
    rows = []
    for goal in GOALS:
        values = [_on_test(run, goal.metric, figures) for run in members.get(goal.of, [])]
        if values:
            mean = float(np.mean(values))
            reached = "–" if np.isnan(mean) else "yes" if mean >= goal.least else "no"
            rows.append((goal.of, titles[goal.metric], f"≥ {goal.least:g}", in_figures(mean), reached))
    return pd.DataFrame(rows, columns=["System", "Figure", "Goal", "Measured", "Reached"])


def _on_test(run: Run, metric: str, figures: Callable[[Run], pd.DataFrame]) -> float:
    """A figure of a run on test, at its recommended threshold; NaN where it has none."""
    if metric == RATE:
        worst = worst_in(run, resolve_threshold(run, "recommended")).get("specificity")
        return worst.rate.value if worst else np.nan
    found = figures(run)
    return float(found[metric].get("test", np.nan)) if metric in found else np.nan


def _best(runs: Sequence[Run], figures: Callable[[Run], pd.DataFrame]) -> Run | None:
    """The run of two classes with the largest AUC on altered validation images."""
    known = {}
    for run in runs:
        if run.config.recipe.left_out or run.config.n_classes != 2:
            continue
        on, (area,) = before_test([figures(run)])
        if on == BATTERY and not np.isnan(area):
            known[run] = area
    return max(known, key=lambda run: known[run], default=None)
