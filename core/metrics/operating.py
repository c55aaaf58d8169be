"""The operating point: from a rule, a number or a wished sensitivity to each run's threshold, and from scores to calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.metrics.panel import Panel, collapse, solo
from core.metrics.thresholds import RECOMMENDED_RULE, RULES, choose_thresholds, threshold_for_sensitivity
from core.predictions import within_unit

if TYPE_CHECKING:
    from core.run import Run


@dataclass(frozen=True)
class Match:
    """An operating point that gives every run the same sensitivity on the images compared, so that false alarms alone differ.

    It looks at the answers of these images, so it shows what the scores could do, not what would have been chosen beforehand.

    Attributes
    ----------
    sensitivity : float
        In (0, 1]; each run gets its highest threshold with at least this.
    """

    sensitivity: float

    def __post_init__(self):
        if not 0 < self.sensitivity <= 1:
            raise InputError(f"A sensitivity to match is above 0 and at most 1; received {self.sensitivity!r}.")


Point = str | float | Match


def thresholds_at(panel: Panel, runs: Sequence[Run], point: Point = "recommended") -> dict[str, float | None]:
    """Each run's threshold at an operating point.

    Parameters
    ----------
    panel : Panel
    runs : sequence of Run
        Of at least the names in the panel.
    point : {"recommended", "half", "youden", "sensitivity_95"}, float or Match

    Returns
    -------
    dict of str to float or None
        By run name; None for more than two classes, where the largest probability decides.

    Raises
    ------
    InputError
        If the point is not known, or a run lacks what its rule needs.
    """
    by_name = {run.name: run for run in runs}
    if len(panel.class_names) != 2:
        return dict.fromkeys(panel.names)
    if isinstance(point, Match):
        cuts = [threshold_for_sensitivity(panel.y_true, scores[:, 1], point.sensitivity) for scores in panel.scores]
        return dict(zip(panel.names, cuts, strict=True))
    return {name: _collapsed_threshold(by_name[name], point) if name in panel.collapsed else resolve_threshold(by_name[name], point)
            for name in panel.names}  # fmt: skip


def available_points(runs: Sequence[Run]) -> tuple[str, ...]:
    """The rules that every one of the runs has; a run brought from elsewhere may lack those that need validation scores."""
    return tuple(rule for rule in ("recommended", *RULES) if all(_has(run, rule) for run in runs))


def _has(run: Run, rule: str) -> bool:
    try:
        resolve_threshold(run, rule)
    except InputError:
        return False
    return True


def resolve_threshold(run: Run, threshold: str | float) -> float | None:
    """A named rule or a number to the run's threshold; None where the run has more than two classes."""
    if run.config.n_classes != 2:
        return None
    if threshold == "half":
        return 0.5
    if threshold == "recommended" or threshold in RULES:
        return _stored_threshold(run, threshold)
    return _number(threshold)


def predict_labels(scores: np.ndarray, threshold: float | None) -> np.ndarray:
    """Class ids from probabilities (n_samples, n_classes): by threshold on class 1, or by the largest if None."""
    return scores.argmax(axis=1) if threshold is None else (scores[:, 1] >= threshold).astype(np.int64)


def _number(threshold: str | float) -> float:
    try:
        value = within_unit(float(threshold))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 1:
        raise InputError(f"A threshold is recommended, {', '.join(RULES)} or a number from 0 to 1; received {threshold!r}.")
    return value


def _stored_threshold(run: Run, rule: str) -> float:
    """What the run's card says; a run without a card yet has 0.5 for its own operating point, and no other."""
    if rule == "recommended" and not run.card:
        return 0.5
    try:
        value = run.card["recommended"]["value"] if rule == "recommended" else run.card["thresholds"][rule]
        return within_unit(float(value))
    except (KeyError, TypeError, ValueError):
        raise InputError(f"The card of the run {run.name!r} has no threshold {rule!r}; give half or a number from 0 to 1.") from None


def _collapsed_threshold(run: Run, point: str | float) -> float:
    """A three-class run stores no threshold, so its rules are applied to its validation scores of either pneumonia."""
    if point not in ("recommended", *RULES):
        return _number(point)
    validation = collapse(solo(run, "val"))
    found = choose_thresholds(validation.y_true, validation.scores[0, :, 1])
    return found[RECOMMENDED_RULE if point == "recommended" else point]
