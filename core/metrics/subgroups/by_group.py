"""A metric of runs in each group of images: how they do where all films look alike, are of one series, or share any other fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from core.metrics.evaluation import OF_BOTH_CLASSES
from core.metrics.panel import Panel
from core.metrics.run_threshold import predict_labels
from core.metrics.statistics.bootstrap import percentile_interval
from core.metrics.statistics.intervals import wilson
from core.metrics.statistics.resampling import Sampled, sample

FEWEST = 10  # films that a metric counts in a group; of fewer no rate is told
LOWER_IS_BETTER = ("brier", "ece")


def by_group(panel: Panel, thresholds: Mapping[str, float | None], codes: np.ndarray, metric: str, fewest: int = FEWEST) -> pd.DataFrame:
    """A metric of every run in each group of images, with its 95 % interval.

    Parameters
    ----------
    panel : Panel
    thresholds : mapping of str to float or None
        By run name, as `core.metrics.operating_point.thresholds_at` gives them.
    codes : ndarray of shape (n_samples,), int
        The group of each image, from 0; −1 for an image of none.
    metric : str
        One of the metrics of `core.metrics.evaluation.evaluate_panel`.
    fewest : int
        Films that the metric must count in a group to be told.

    Returns
    -------
    DataFrame
        ``group, run, n_images, n`` (films that the metric counts: those of its class, those called ill for precision, those of the rarer
        class for areas and F1), ``value, low, high``; NaN with fewer than `fewest`. Intervals as in `evaluate_panel`: Wilson's for rates,
        else a bootstrap by patient.
    """
    rows = []
    for group, inside in _groups(panel, codes):
        called = _called(inside, thresholds)
        among = _among(metric, inside, called)
        if among is not None:
            found = [
                wilson(int((y_pred == inside.y_true)[mask].sum()), int(mask.sum())) for y_pred, mask in zip(called, among, strict=True)
            ]
            figures = [(one.value, one.low, one.high, one.n_samples) for one in found]
        else:
            sampled = _sampled(metric, inside, called)
            n = _n_of_scores(metric, inside)
            figures = [(float(value), *sampled.interval(row), n) for row, value in enumerate(sampled.values)]
        for run, (value, low, high, n) in zip(inside.names, figures, strict=True):
            told = (value, low, high) if n >= fewest else (np.nan,) * 3
            rows.append((group, run, inside.n_samples, n, *told))
    return pd.DataFrame(rows, columns=["group", "run", "n_images", "n", "value", "low", "high"])


def worst_first(table: pd.DataFrame, metric: str) -> list[int]:
    """Groups of `by_group` from the worst value of any run to the best; those without any value last, larger ones first.

    Parameters
    ----------
    table : DataFrame
        As `by_group` returns it.
    metric : str
        Whose value is looked at.

    Returns
    -------
    list of int
    """
    signed = table["value"] * (-1 if metric in LOWER_IS_BETTER else 1)
    order = pd.DataFrame({"worst": signed.groupby(table["group"]).min(), "n": -table.groupby("group")["n"].max()})
    return [int(group) for group in order.sort_values(["worst", "n"], na_position="last", kind="stable").index]


def paired_by_group(
    panel: Panel, thresholds: Mapping[str, float | None], codes: np.ndarray, metric: str, pair: tuple[str, str], fewest: int = FEWEST
) -> pd.DataFrame:
    """A metric of one run less that of another in each group, whole patients being drawn alike for both.

    Parameters
    ----------
    panel : Panel
    thresholds, codes, metric, fewest
        As in `by_group`.
    pair : (str, str)
        Names of runs; the second minus the first.

    Returns
    -------
    DataFrame
        ``group, n, difference, low, high``: the central 95 % of 1,000 bootstrap draws of patients; NaN with too few films.
    """
    rows = []
    for group, inside in _groups(panel.take(pair), codes):
        called = _called(inside, thresholds)
        among = _among(metric, inside, called)
        n = _n_of_scores(metric, inside) if among is None else int(min(mask.sum() for mask in among))
        figures = (np.nan,) * 3
        if n >= fewest:
            sampled = _sampled(metric, inside, called, among)
            figures = (float(np.subtract(*sampled.values[::-1])), *percentile_interval(np.subtract(*sampled.replicates[::-1])))
        rows.append((group, n, *figures))
    return pd.DataFrame(rows, columns=["group", "n", "difference", "low", "high"])


def _groups(panel: Panel, codes: np.ndarray) -> Iterator[tuple[int, Panel]]:
    for group in np.unique(codes[codes >= 0]):
        yield int(group), panel.among(codes == group)


def _called(panel: Panel, thresholds: Mapping[str, float | None]) -> list[np.ndarray]:
    return [predict_labels(scores, thresholds[name]) for name, scores in zip(panel.names, panel.scores, strict=True)]


def _among(metric: str, panel: Panel, called: Sequence[np.ndarray]) -> list[np.ndarray] | None:
    """For each run the films over which a rate counts right answers; None for what is no rate."""
    if metric == "precision":
        both = len(np.unique(panel.y_true)) > 1  # among films of one class it says nothing
        return [(y_pred == 1) & both for y_pred in called]
    names = {"sensitivity": 1, "specificity": 0} | {f"recall_{name}": class_id for class_id, name in enumerate(panel.class_names)}
    if metric in names:
        return [panel.y_true == names[metric]] * len(called)
    return [np.ones(panel.n_samples, dtype=bool)] * len(called) if metric == "accuracy" else None


def _n_of_scores(metric: str, panel: Panel) -> int:
    """Films that decide whether a metric that is no rate can be told: all, or those of the rarer class."""
    needs_both = metric in OF_BOTH_CLASSES or metric.endswith(("roc_auc", "f1"))
    return int(np.bincount(panel.y_true, minlength=len(panel.class_names)).min()) if needs_both else panel.n_samples


def _sampled(metric: str, panel: Panel, called: Sequence[np.ndarray], among: Sequence[np.ndarray] | None = None) -> Sampled:
    """Values and draws of a metric for the runs of a panel."""
    if among is not None:
        hits = [((y_pred == panel.y_true).astype(np.float64), mask) for y_pred, mask in zip(called, among, strict=True)]
        return sample("mean", hits, panel.patients, draw=True)
    if metric.endswith("f1"):
        more = (len(panel.class_names),) if metric == "macro_f1" else ()
        return sample(metric, [(panel.y_true, y_pred, *more) for y_pred in called], panel.patients, draw=True)
    return panel.sampled(metric, draw=True)
