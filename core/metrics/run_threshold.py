"""One run's threshold, from a rule or a number, and the calls that follow from its scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.errors import InputError
from core.metrics.thresholds import RULES
from core.runs.predictions_table import within_unit

if TYPE_CHECKING:
    from core.runs.run import Run


def resolve_threshold(run: Run, threshold: str | float) -> float | None:
    """A named rule or a number to the run's threshold; None where the run has more than two classes.

    Parameters
    ----------
    run : Run
    threshold : str or float
        ``recommended``, a rule of `RULES` or a number from 0 to 1.

    Returns
    -------
    float or None
    """
    point = named_or_number(threshold)
    return threshold_of(run, point) if run.config.n_classes == 2 else None


def predict_labels(scores: np.ndarray, threshold: float | None) -> np.ndarray:
    """Class ids from probabilities (n_samples, n_classes): by threshold on class 1, or by the largest if None.

    Parameters
    ----------
    scores : ndarray of shape (n_samples, n_classes), float
    threshold : float or None
        In [0, 1]; None for more than two classes.

    Returns
    -------
    ndarray of shape (n_samples,), int64
    """
    return scores.argmax(axis=1) if threshold is None else (scores[:, 1] >= threshold).astype(np.int64)


def named_or_number(threshold: str | float) -> str | float:
    """The name of a rule as it stands, all else as a number from 0 to 1; raises InputError if it is neither."""
    return threshold if threshold in ("recommended", *RULES) else _number(threshold)


def threshold_of(run: Run, point: str | float) -> float:
    """The threshold of a run of two classes at a rule or a number that `named_or_number` gave."""
    if point == "half":
        return 0.5
    return stored_threshold(run, point) if isinstance(point, str) else point


def stored_threshold(run: Run, rule: str) -> float:
    """What the run's card says; a run without a card yet has 0.5 for its own operating point, and no other."""
    if rule == "recommended" and not run.card.to_json():
        return 0.5
    try:
        value = within_unit(float(str(run.card.recommended.value if rule == "recommended" else run.card.thresholds[rule])))
    except (KeyError, TypeError, ValueError):
        value = float("nan")
    if not 0 <= value <= 1:
        raise InputError(f"The card of the run {run.name!r} has no threshold {rule!r}; give half or a number from 0 to 1.")
    return value


def _number(threshold: str | float) -> float:
    try:
        value = within_unit(float(threshold))
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 1:
        raise InputError(f"A threshold is recommended, {', '.join(RULES)} or a number from 0 to 1; received {str(threshold)!r}.")
    return value + 0.0  # which makes 0 of −0
