"""Two runs on the same images: are they different, or is it chance?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from core.errors import InputError
from core.metrics import weighted
from core.metrics.bootstrap import Statistic, draws, percentile_interval
from core.metrics.evaluation import predict_labels, resolve_threshold, select_split

if TYPE_CHECKING:
    from core.runs import Run

MCNEMAR = "McNemar, exact"
BOOTSTRAP = "paired patient-cluster bootstrap"


@dataclass(frozen=True)
class Difference:
    """A metric of run `b` minus that of run `a`, with a 95 % interval and a two-sided p-value."""

    a: str
    b: str
    metric: str
    difference: float
    low: float
    high: float
    p_value: float
    test: str
    n_samples: int


def pair(a: Run, b: Run, split: str = "test") -> tuple[pd.DataFrame, pd.DataFrame]:
    """The predictions of two runs on the same samples in the same order.

    Raises
    ------
    InputError
        If classes, samples or labels differ.
    """
    if a.config.class_names != b.config.class_names:
        raise InputError(f"{a.name!r} and {b.name!r} have different classes; compare runs with the same labels.")
    left, right = (select_split(run.predictions, split, run.name).sort_values("sample_id", ignore_index=True) for run in (a, b))
    if not left["sample_id"].equals(right["sample_id"]):
        raise InputError(f"{a.name!r} and {b.name!r} were scored on different {split} images; compare runs of one data set.")
    if not np.array_equal(left["y_true"], right["y_true"]):
        raise InputError(f"{a.name!r} and {b.name!r} disagree on the true labels of the {split} images; train one of them anew.")
    return left, right


def compare_runs(a: Run, b: Run, split: str = "test", threshold: str | float = "recommended") -> list[Difference]:
    """Paired differences, each run at its own operating point.

    Rates are tested by McNemar's exact test on the discordant images, the area under the ROC curve by a paired bootstrap;
    all intervals come from the paired patient-cluster bootstrap.

    Parameters
    ----------
    a, b : Run
    split : {"test", "val"}
    threshold : str or float
        As in `evaluate_run`.

    Returns
    -------
    list of Difference

    Raises
    ------
    InputError
        If the runs cannot be paired.
    """
    left, right = pair(a, b, split)
    y_true = left["y_true"].to_numpy()
    columns = [f"p_{name}" for name in a.config.class_names]
    scores = [table[columns].to_numpy(dtype=np.float64) for table in (left, right)]
    labels = [predict_labels(s, resolve_threshold(run, threshold)) for s, run in zip(scores, (a, b), strict=True)]
    correct = [(y_pred == y_true).astype(np.float64) for y_pred in labels]
    groups = _groups(y_true, a.config.class_names)
    areas = [_auc(y_true, s) for s in scores]
    statistics = {name: _minus(*(weighted.mean(c, among) for c in correct)) for name, among in groups.items()}
    statistics["roc_auc"] = _minus(*areas)
    values = draws(statistics, left["sample_id"])
    found = []
    for name, statistic in statistics.items():
        among = groups.get(name)
        p_value = _bootstrap_p(values[name]) if among is None else _mcnemar(correct[0][among], correct[1][among])
        point = float(statistic(np.ones((1, len(left))))[0])
        test = BOOTSTRAP if among is None else MCNEMAR
        n = len(left) if among is None else int(among.sum())
        found.append(Difference(a.name, b.name, name, point, *percentile_interval(values[name]), p_value, test, n))
    return found


def _groups(y_true: np.ndarray, class_names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Metric names and the samples over which each counts right answers."""
    names = ("specificity", "sensitivity") if len(class_names) == 2 else tuple(f"recall_{name}" for name in class_names)
    return {"accuracy": np.ones(len(y_true), dtype=bool)} | {name: y_true == class_id for class_id, name in enumerate(names)}


def _auc(y_true: np.ndarray, scores: np.ndarray) -> Statistic:
    return weighted.roc_auc(y_true, scores[:, 1]) if scores.shape[1] == 2 else weighted.macro_roc_auc(y_true, scores)


def _minus(first: Statistic, second: Statistic) -> Statistic:
    return lambda weights: second(weights) - first(weights)


def _mcnemar(a: np.ndarray, b: np.ndarray) -> float:
    """Exact McNemar test (McNemar 1947): discordant pairs against a fair coin."""
    only_a, only_b = int(((a == 1) & (b == 0)).sum()), int(((a == 0) & (b == 1)).sum())
    return float(binomtest(only_a, only_a + only_b).pvalue) if only_a + only_b else 1.0


def _bootstrap_p(values: np.ndarray) -> float:
    """Two-sided p-value: twice the smaller share of draws on one side of zero, never below one draw; NaN without draws."""
    defined = values[np.isfinite(values)]
    if not len(defined):
        return float("nan")
    tail = min((defined <= 0).mean(), (defined >= 0).mean())
    return float(min(1.0, max(2 * tail, 2 / (len(defined) + 1))))
