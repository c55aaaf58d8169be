"""Two classes at every position of a slider at once: what can be counted, without the intervals that need draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.errors import InputError
from core.metrics.evaluation import Evaluation, binary_counts
from core.metrics.panel import Panel
from core.metrics.statistics.intervals import Estimate, wilson
from core.metrics.thresholds import NO_CASE

SUBTYPES = ("BACTERIAL", "VIRAL")


def sweep(panel: Panel, thresholds: np.ndarray) -> list[dict[str, Evaluation]]:
    """Evaluate runs at many thresholds, from scores sorted once.

    Parameters
    ----------
    panel : Panel
        Of two classes.
    thresholds : ndarray of shape (n_positions, n_runs), float64

    Returns
    -------
    list of dict of str to Evaluation
        By position, then by run name, as `core.metrics.evaluation.evaluate_panel` gives them, but of the metrics only those that
        follow the threshold, and F1 without its interval (NaN), which needs a bootstrap for each position.
    """
    groups = {"NORMAL": panel.y_true == 0, "PNEUMONIA": panel.y_true == 1}
    groups |= {name: (panel.patients.subtype == name) & groups["PNEUMONIA"] for name in SUBTYPES}
    groups = {name: mask for name, mask in groups.items() if mask.any()}
    called = {name: _called(panel.scores[:, mask, 1], thresholds) for name, mask in groups.items()}
    totals = {name: int(mask.sum()) for name, mask in groups.items()}
    return [
        {
            name: _evaluation(
                panel, float(thresholds[position, run]), {group: int(n[position, run]) for group, n in called.items()}, totals
            )
            for run, name in enumerate(panel.names)
        }
        for position in range(len(thresholds))
    ]


def matched_thresholds(panel: Panel, sensitivities: Sequence[float]) -> np.ndarray:
    """Each run's threshold at many sensitivities, as `core.metrics.thresholds.threshold_for_sensitivity` gives it for one.

    Parameters
    ----------
    panel : Panel
        Of two classes.
    sensitivities : sequence of float
        In (0, 1].

    Returns
    -------
    ndarray of shape (n_positions, n_runs), float64

    Raises
    ------
    InputError
        If there is no case.
    """
    n_cases = int((panel.y_true == 1).sum())
    if not n_cases:
        raise InputError(NO_CASE)
    needed = np.maximum(np.ceil(np.asarray(sensitivities) * n_cases - 1e-9).astype(int), 1)
    return np.stack([_matched(scores, panel.y_true == 1, needed) for scores in panel.scores[..., 1]], axis=1)


def _matched(scores: np.ndarray, ill: np.ndarray, needed: np.ndarray) -> np.ndarray:
    """The middle of the gap below the last case needed."""
    cuts = np.sort(scores[ill])[::-1][needed - 1]
    ordered = np.concatenate([[0.0], np.sort(scores)])
    below = ordered[np.maximum(np.searchsorted(ordered, cuts, side="left") - 1, 0)]
    return (cuts + below) / 2


def _called(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """How many of the scores (n_runs, n) are at or above each threshold: int of the shape of `thresholds`."""
    ordered = np.sort(scores, axis=1)
    below = [np.searchsorted(row, cuts, side="left") for row, cuts in zip(ordered, thresholds.T, strict=True)]
    return scores.shape[1] - np.stack(below, axis=1)


def _evaluation(panel: Panel, threshold: float, called: dict[str, int], totals: dict[str, int]) -> Evaluation:
    false_alarms, found = called.get("NORMAL", 0), called.get("PNEUMONIA", 0)
    matrix = np.array([[totals.get("NORMAL", 0) - false_alarms, false_alarms], [totals.get("PNEUMONIA", 0) - found, found]])
    metrics = {name: wilson(*pair) for name, pair in binary_counts(matrix).items()}
    metrics["f1"] = _f1(matrix, panel.n_samples)
    recalls = {name: wilson(called[name], totals[name]) for name in SUBTYPES if name in totals}
    return Evaluation(panel.n_samples, threshold, panel.class_names, matrix, metrics, recalls)


def _f1(matrix: np.ndarray, n_samples: int) -> Estimate:
    (_, false_alarms), (missed, found) = matrix
    whole = 2 * found + false_alarms + missed
    return Estimate(2 * found / whole if found + missed else np.nan, np.nan, np.nan, n_samples)
