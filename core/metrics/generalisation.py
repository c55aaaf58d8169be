"""How much of a run's skill on validation is left without the clues, and on test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.metrics.statistics import weighted
from core.metrics.statistics.intervals import in_figures
from core.metrics.statistics.statistic import Statistic, evaluate_all
from core.metrics.thresholds import NAMED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.runs.run import Run

BATTERY, VALIDATION = "battery mean", "validation"
WORST = {"val": "worst group on validation", "test": "worst group on test"}
SERIES = "series held out"  # where a run has been tried on a series of films that it was not trained on
FEWEST = {"val": 10, "test": 20}  # films that a figure counts in a group; of fewer a group cannot be the worst
RULE_TITLES = {rule: NAMED[rule].title for rule in ("half", "sensitivity_95", "youden", "battery")}
"""What a person calls the rules by which a card's thresholds were chosen."""


def generalisation(run: Run, groups: pd.Series | None = None) -> pd.DataFrame:
    """Point metrics of a run on each set of images, at its recommended threshold.

    Parameters
    ----------
    run : Run
        With predictions.
    groups : Series of int, optional
        By sample id, the group of images that each is in, such as `core.groups.scored.known_groups` gives them.

    Returns
    -------
    DataFrame
        Indexed by ``validation``, ``worst group on validation``, each variant of the battery, ``battery mean``, ``battery worst``,
        ``test`` and ``worst group on test``, as far as the run has them; ``series held out`` in place of ``test`` for
        a run that left images out of its training and was tested on them; columns ``n_samples, roc_auc, accuracy`` and ``sensitivity,
        specificity`` (two classes) or ``macro_f1``. In the rows of a worst group, each figure is that of the group that is lowest in it.
    """
    class_names, threshold = run.config.class_names, resolve_threshold(run, "recommended")
    tables = {VALIDATION: run.predictions.query("split == 'val'")}
    variants = {} if run.battery is None else {str(name): table for name, table in run.battery.groupby("variant", sort=False)}
    tested = SERIES if run.config.recipe.left_out else "test"
    tables |= variants | {tested: run.predictions.query("split == 'test'")}
    rows = {name: point_metrics(table, class_names, threshold) for name, table in tables.items() if len(table)}
    found = pd.DataFrame(rows).T
    if variants:
        battery = found.loc[list(variants)]
        found.loc[BATTERY], found.loc["battery worst"] = battery.mean(), battery.min()
    if groups is not None:
        for split, table in (("val", tables[VALIDATION]), ("test", tables.get("test"))):
            lowest = None if table is None else _lowest_of_groups(table, groups, class_names, threshold, FEWEST[split])
            if lowest is not None:
                found.loc[WORST[split]] = lowest
    order = [VALIDATION, WORST["val"], *variants, *([BATTERY, "battery worst"] if variants else []), SERIES, "test", WORST["test"]]
    return found.reindex([name for name in order if name in found.index])


def _lowest_of_groups(
    table: pd.DataFrame, groups: pd.Series, class_names: tuple[str, ...], threshold: float | None, fewest: int
) -> pd.Series | None:
    """The lowest value of each metric over the groups in which it counts enough films; None without any group."""
    codes, rows = table["sample_id"].map(groups), []
    for _, part in table.groupby(codes):
        sizes = np.bincount(part["y_true"], minlength=len(class_names))
        counted = {"accuracy": len(part), "sensitivity": sizes[-1], "specificity": sizes[0]}  # others need films of every class
        values = point_metrics(part, class_names, threshold)
        rows.append({name: value for name, value in values.items() if counted.get(name, sizes.min()) >= fewest} | {"n_samples": np.nan})
    return pd.DataFrame(rows, columns=list(values)).min() if rows else None


def before_test(tables: Sequence[pd.DataFrame]) -> tuple[str, np.ndarray]:
    """What is known of the AUC of runs before test: on the battery or, where one has none, on plain validation, which flatters.

    Parameters
    ----------
    tables : sequence of DataFrame
        Of `generalisation`, or empty for a run of which nothing is known.

    Returns
    -------
    on : str
        ``battery mean`` or ``validation``.
    roc_auc : ndarray of shape (n_runs,)
        NaN where it is not known.
    """
    known = [table["roc_auc"].dropna() if "roc_auc" in table else pd.Series(dtype=float) for table in tables]
    on = BATTERY if all(BATTERY in one for one in known) else VALIDATION
    return on, np.array([one.get(on, np.nan) for one in known], dtype=np.float64)


def by_rule(run: Run) -> pd.DataFrame:
    """Point metrics of a two-class run on test, once for each rule that its card has a threshold for.

    Every threshold is known without test; that they differ so much there is what a validation set drawn from
    train cannot tell.

    Parameters
    ----------
    run : Run
        With predictions.

    Returns
    -------
    DataFrame
        Indexed by rule (those of `RULES` that the card has), columns ``threshold`` and those of
        `generalisation`; empty for more than two classes, without test images and for a card without thresholds.
    """
    test, thresholds = run.predictions.query("split == 'test'"), run.card.thresholds
    if run.config.n_classes != 2 or test.empty:
        return pd.DataFrame()
    known = {rule: cut for rule, cut in thresholds.items() if cut is not None}
    rows = {rule: {"threshold": cut} | point_metrics(test, run.config.class_names, cut) for rule, cut in known.items()}
    return pd.DataFrame(rows).T


def rates_text(row: pd.Series) -> str:
    """``0.936 (0.979 / 0.863)``: accuracy, sensitivity and specificity of a row of `by_rule`; a dash for what is not defined.

    Parameters
    ----------
    row : Series

    Returns
    -------
    str
    """
    accuracy, sensitivity, specificity = (in_figures(row[name]) for name in ("accuracy", "sensitivity", "specificity"))
    return f"{accuracy} ({sensitivity} / {specificity})"


def point_metrics(table: pd.DataFrame, class_names: tuple[str, ...], threshold: float | None) -> dict[str, float]:
    """Metrics without intervals.

    Parameters
    ----------
    table : DataFrame
        ``y_true, p_<class>…``
    class_names : tuple of str
    threshold : float or None
        None for more than two classes.

    Returns
    -------
    dict of str to float
        The area under the curve is the macro average of one class against the rest; NaN where a class is missing.
    """
    y_true, scores = table["y_true"].to_numpy(), table[[f"p_{name}" for name in class_names]].to_numpy(dtype=float)
    y_pred = predict_labels(scores, threshold)
    hit = y_pred == y_true
    area: Statistic
    rates: dict[str, Statistic]
    if len(class_names) > 2:
        area, rates = weighted.macro_roc_auc(y_true, scores), {"macro_f1": weighted.macro_f1(y_true, y_pred, len(class_names))}
    else:
        area = weighted.roc_auc(y_true, scores[:, 1])
        rates = {"sensitivity": weighted.mean(hit, y_true == 1), "specificity": weighted.mean(hit, y_true == 0)}
    always: dict[str, Statistic] = {"roc_auc": area, "accuracy": weighted.mean(hit)}
    values = evaluate_all(always | rates, np.ones((1, len(table))))
    return {"n_samples": len(table)} | {name: float(value[0]) for name, value in values.items()}
