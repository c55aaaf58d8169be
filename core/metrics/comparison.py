"""Two runs on the same images: are they different, or is it chance?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from core.metrics.alignment import line_up
from core.metrics.operating_point import Point, thresholds_at
from core.metrics.panel import Panel
from core.metrics.run_threshold import predict_labels
from core.metrics.statistics.delong import normal_p
from core.metrics.statistics.holm import adjusted, interval, steps
from core.metrics.statistics.mcnemar import mcnemar
from core.metrics.statistics.resampling import Sampled, sample

if TYPE_CHECKING:
    from core.runs.run import Run

MCNEMAR = "McNemar, exact"
AREAS = "DeLong, images grouped by patient"
MACRO_AREAS = "delta method, images grouped by patient"
__all__ = ["AREAS", "MACRO_AREAS", "MCNEMAR", "Difference", "compare_panel", "compare_runs", "pair", "pairs_of"]


@dataclass(frozen=True)
class Difference:
    """A metric of run `b` minus that of run `a`, with a 95 % interval and a two-sided p-value.

    Attributes
    ----------
    n_samples : int
        Images that the metric counts; where there is none, or the metric is not defined, all figures are NaN.
    p_adjusted : float
        By Holm's method over all pairs compared, for each metric apart; the p-value itself where there is one pair.
    low_delong, high_delong, p_delong : float or None
        Of areas under the curve of two classes: what DeLong's test says where every image is taken for a patient of its own.
    n_different : int or None
        How many of the images the two runs call differently; None of a metric of scores.
    low_adjusted, high_adjusted : float
        The interval at the level at which Holm's method tests this pair; `low` and `high` where there is one pair.
    n_compared : int
        For how many pairs both are corrected.
    """

    a: str
    b: str
    metric: str
    difference: float
    low: float
    high: float
    p_value: float
    test: str
    n_samples: int
    p_adjusted: float = float("nan")
    low_delong: float | None = None
    high_delong: float | None = None
    p_delong: float | None = None
    n_different: int | None = None
    low_adjusted: float = float("nan")
    high_adjusted: float = float("nan")
    n_compared: int = 1


def pair(a: Run, b: Run, split: str = "test") -> Panel:
    """Two runs on the same samples in the same order; raises InputError if classes, samples or labels differ."""
    return line_up([a, b], split).whole


def compare_runs(a: Run, b: Run, split: str = "test", threshold: Point = "recommended") -> list[Difference]:
    """Paired differences of two runs, each at its own operating point.

    Parameters
    ----------
    a, b : Run
    split : {"test", "val"}
    threshold : {"recommended", "half", "youden", "sensitivity_95", "battery"}, float or Match

    Returns
    -------
    list of Difference

    Raises
    ------
    InputError
        If the runs cannot be paired.
    """
    panel = pair(a, b, split)
    return compare_panel(panel, thresholds_at(panel, (a, b), threshold))


def compare_panel(panel: Panel, thresholds: Mapping[str, float | None], pairs: Iterable[tuple[int, int]] | None = None) -> list[Difference]:
    """Paired differences between runs, by default each against each.

    Rates are tested by McNemar's exact test on the discordant images, the area under the ROC curve by DeLong's test with the images
    of a patient kept together (Obuchowski 1997). All intervals are normal ones of the paired difference, by the same influences summed
    over patients, and those that are corrected are corrected like their p-values. Nothing is drawn, so no p-value has a floor.

    Parameters
    ----------
    panel : Panel
    thresholds : mapping of str to float or None
        By run name, as `core.metrics.operating_point.thresholds_at` gives them.
    pairs : iterable of (int, int), optional
        Positions of `a` and `b` in the panel.

    Returns
    -------
    list of Difference
        For each pair accuracy, the rates of each class, and the area under the ROC curve.

    References
    ----------
    Obuchowski, "Nonparametric analysis of clustered ROC curve data", Biometrics 53 (1997) 567.
    """
    pairs = list(combinations(range(len(panel.names)), 2) if pairs is None else pairs)
    calls = [predict_labels(scores, thresholds[name]) for name, scores in zip(panel.names, panel.scores, strict=True)]
    correct = np.stack(calls) == panel.y_true
    groups = _groups(panel.y_true, panel.class_names)
    rates = {
        name: sample("mean", [(right.astype(np.float64), among) for right in correct], panel.patients, draw=False)
        for name, among in groups.items()
    }
    metrics = [_rate_differences(panel, name, rates[name], np.stack(calls)[:, among], correct[:, among], pairs)
               for name, among in groups.items()]  # fmt: skip
    metrics.append(_area_differences(panel, pairs))
    return [difference for of_one_pair in zip(*metrics, strict=True) for difference in of_one_pair]


def pairs_of(found: Iterable[Difference]) -> dict[tuple[str, str], list[Difference]]:
    """Differences by pair of run names."""
    by_pair: dict[tuple[str, str], list[Difference]] = {}
    for difference in found:
        by_pair.setdefault((difference.a, difference.b), []).append(difference)
    return by_pair


def _rate_differences(panel: Panel, metric: str, rate: Sampled, calls: np.ndarray, correct: np.ndarray, pairs: list) -> list[Difference]:
    """`calls` and `correct` of shape (n_runs, n_samples of the metric), int and bool."""
    found, errors, n = [], [], correct.shape[1]
    for i, j in pairs:
        difference, error, _ = rate.difference(i, j)
        p_value, n_different = mcnemar(correct[i], correct[j]) if n else float("nan"), int((calls[i] != calls[j]).sum())
        ends = interval(difference, error)
        found.append(Difference(panel.names[i], panel.names[j], metric, difference, *ends, p_value, MCNEMAR, n, n_different=n_different))
        errors.append(error)
    return _corrected(found, errors)


def _area_differences(panel: Panel, pairs: list) -> list[Difference]:
    area, binary = panel.sampled("roc_auc", draw=False), len(panel.class_names) == 2
    found, errors = [], []
    for i, j in pairs:
        difference, error, p_value = area.difference(i, j)
        given = (*interval(difference, error), p_value, AREAS if binary else MACRO_AREAS, panel.n_samples)
        one = Difference(panel.names[i], panel.names[j], "roc_auc", difference, *given)
        found.append(_with_delong(one, panel, i, j) if binary else one)
        errors.append(error)
    return _corrected(found, errors)


def _with_delong(difference: Difference, panel: Panel, i: int, j: int) -> Difference:
    areas, covariance = panel.delong
    of_areas, signs = float(areas[j] - areas[i]), np.array([-1, 1])
    error = float(np.sqrt(max(signs @ covariance[np.ix_([i, j], [i, j])] @ signs, 0.0)))
    low, high = interval(of_areas, error)
    return replace(difference, low_delong=low, high_delong=high, p_delong=normal_p(of_areas, error))


def _corrected(found: list[Difference], errors: list[float]) -> list[Difference]:
    """The differences of one metric, corrected for how many they are; `errors` are their standard errors."""
    p_values = [difference.p_value for difference in found]
    n_compared = int(np.isfinite(p_values).sum())
    rows = zip(found, errors, adjusted(p_values), steps(p_values), strict=True)
    return [_with_correction(one, error, float(p), float(factor), max(n_compared, 1)) for one, error, p, factor in rows]


def _with_correction(one: Difference, error: float, p_adjusted: float, factor: float, n_compared: int) -> Difference:
    low, high = interval(one.difference, error, factor)
    return replace(one, p_adjusted=p_adjusted, low_adjusted=low, high_adjusted=high, n_compared=n_compared)


def _groups(y_true: np.ndarray, class_names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Metric names and the samples over which each counts right answers."""
    names = ("specificity", "sensitivity") if len(class_names) == 2 else tuple(f"recall_{name}" for name in class_names)
    return {"accuracy": np.ones(len(y_true), dtype=bool)} | {name: y_true == class_id for class_id, name in enumerate(names)}
