"""Operating points: fixed or chosen on validation scores, carried to test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.errors import InputError

if TYPE_CHECKING:
    from core.runs.run import Run


class Rule(NamedTuple):
    """The names of a rule for the threshold.

    Attributes
    ----------
    means : str
        A phrase by itself, as a card records it.
    title : str
        Heading of a table.
    choice : str
        Among others to choose from.
    of_runs : str
        What several runs are compared at, within a sentence.
    """

    means: str
    title: str
    choice: str
    of_runs: str


NAMED = {
    "recommended": Rule("", "Recommended", "Recommended", "each run's own"),
    "half": Rule("0.5, the steadiest of the rules weighed on training images alone", "0.5", "0.5", "0.5 for all"),
    "youden": Rule(
        "Largest sensitivity + specificity on validation (Youden 1950)", "Youden on validation", "Youden", "Youden's on validation",
    ),
    "sensitivity_95": Rule(
        "Best specificity with sensitivity of at least 95 % on validation", "Sensitivity of 95 % on validation", "Sensitivity ≥ 95 %",
        "95 % on validation",
    ),
    "battery": Rule(
        "Largest sensitivity + specificity on altered validation images, each with a clue of the data set removed",
        "Youden on altered validation images", "Youden, altered", "Youden's on altered validation images",
    ),
}  # fmt: skip
RULES = ("half", "youden", "sensitivity_95", "battery")
RECOMMENDED_RULE = "half"  # decided by docs/threshold/decision.md
RECOMMENDED = (  # the one explanation, wherever it is given
    "each model's own threshold, as its card records it: 0.5, the steadiest of the rules weighed on training images alone, unless another "
    "was given when the run was brought in or chosen by an earlier version"
)
NO_CASE = "A sensitivity can be matched only where there are cases, and among these images there is none; give a threshold instead."


def choose_thresholds(y_true: np.ndarray, y_score: np.ndarray) -> dict[str, float]:
    """Thresholds by every rule; a score at or above the threshold is called positive.

    Parameters
    ----------
    y_true : ndarray of shape (n,), int
        0 or 1, validation samples only.
    y_score : ndarray of shape (n,), float
        Probability of class 1.

    Returns
    -------
    dict of str to float
        ``half``, ``youden`` and ``sensitivity_95``, each in [0, 1].

    Raises
    ------
    InputError
        If `y_true` has only one class.
    """
    if len(np.unique(y_true)) < 2:
        raise InputError("A threshold needs validation images of both classes; one class is missing.")
    return {"half": 0.5, "youden": youden(y_true, y_score), "sensitivity_95": threshold_for_sensitivity(y_true, y_score, 0.95)}


def youden(y_true: np.ndarray, y_score: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The threshold with the largest sensitivity + specificity (Youden 1950): the middle of the gap below its cut.

    Parameters
    ----------
    y_true : ndarray of shape (n,), int
        0 or 1, both there.
    y_score : ndarray of shape (n,), float
    weights : ndarray of shape (n,), float, optional
        How much each image counts in its class.

    Returns
    -------
    float
        In [0, 1].
    """
    from sklearn.metrics import roc_curve  # seconds to load, which no page has to wait for

    y_score = np.asarray(y_score, dtype=np.float64)  # in float32 the middle of a gap next to 1 may fall on its edge
    fpr, tpr, cuts = roc_curve(y_true, y_score, sample_weight=weights, drop_intermediate=False)
    reachable = np.isfinite(cuts) | (y_score.max() < 1)  # to call nobody needs a threshold above 1 where a score is 1
    best = int(np.argmax(np.where(reachable, tpr - fpr, -np.inf)))
    below = cuts[best + 1] if best + 1 < len(cuts) else 0.0
    return float(np.clip((min(cuts[best], 1.0) + below) / 2, 0.0, 1.0))  # every value in the gap gives the same decisions


def threshold_for_sensitivity(y_true: np.ndarray, y_score: np.ndarray, sensitivity: float) -> float:
    """The highest threshold with at least some sensitivity: the middle of the gap below its last case needed.

    Parameters
    ----------
    y_true : ndarray of shape (n,), int
        0 or 1.
    y_score : ndarray of shape (n,), float
    sensitivity : float
        In (0, 1].

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    InputError
        If there is no case.
    """
    y_score = np.asarray(y_score, dtype=np.float64)
    cases = np.sort(y_score[np.asarray(y_true) == 1])[::-1]
    if not len(cases):
        raise InputError(NO_CASE)
    cut = cases[max(int(np.ceil(sensitivity * len(cases) - 1e-9)), 1) - 1]
    below = y_score[y_score < cut]
    return float((cut + below.max(initial=0.0)) / 2)


def operating_points(run: Run) -> dict:
    """The thresholds of a scored two-class run, from validation and battery, and which one is recommended.

    Parameters
    ----------
    run : Run
        With its predictions.

    Returns
    -------
    dict
        ``thresholds`` and ``recommended``; empty for more than two classes.
    """
    if run.config.n_classes != 2:
        return {}
    positive = f"p_{run.config.class_names[1]}"
    validation, battery = run.predictions.query("split == 'val'"), run.battery
    thresholds = {"half": 0.5}
    if validation["y_true"].nunique() == 2:
        thresholds = choose_thresholds(validation["y_true"].to_numpy(), validation[positive].to_numpy())
        if battery is not None and battery["y_true"].nunique() == 2:
            thresholds["battery"] = youden(battery["y_true"].to_numpy(), battery[positive].to_numpy())
    return {"thresholds": thresholds, "recommended": recommendation(thresholds)}


def recommendation(thresholds: Mapping[str, float]) -> dict:
    """What a card records as the recommended one of a run's thresholds.

    Parameters
    ----------
    thresholds : mapping of str to float
        By rule.

    Returns
    -------
    dict
        ``rule, value, means``.
    """
    return {"rule": RECOMMENDED_RULE, "value": thresholds[RECOMMENDED_RULE], "means": NAMED[RECOMMENDED_RULE].means}
