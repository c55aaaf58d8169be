"""Does a probability mean what it says? Temperature scaling fitted on validation, and calibration before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import log_softmax, softmax

from core.errors import InputError
from core.metrics.curves import calibration_points
from core.metrics.panel import Panel, collapse, solo
from core.metrics.renaming import renamed
from core.metrics.scored_split import select_split
from core.metrics.statistics import weighted

if TYPE_CHECKING:
    from core.runs.run import Run

TEMPERATURES = (0.05, 20.0)
EPSILON = 2.0**-24  # float32 cannot tell a probability closer to 1 than this from 1


def fit_temperature(y_true: np.ndarray, probabilities: np.ndarray) -> float:
    """The temperature that makes probabilities of validation images most likely.

    Minimises the negative log likelihood of ``softmax(log(probabilities) / temperature)``, which is the softmax of the
    logits over the temperature, because logits are log-probabilities up to a constant.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
        Class ids of validation images.
    probabilities : ndarray of shape (n_samples, n_classes), float
        Rows sum to 1; two columns also for a sigmoid.

    Returns
    -------
    float
        In [0.05, 20]; above 1 the model is too sure of itself.

    Raises
    ------
    InputError
        If there are fewer than two classes among the images.

    References
    ----------
    Guo et al., "On calibration of modern neural networks", ICML 2017, eq. 9.
    """
    if len(np.unique(y_true)) < 2:
        raise InputError("A temperature needs validation images of at least two classes; one class is missing.")
    from scipy.optimize import minimize_scalar  # seconds to load, which no page has to wait for

    logits, rows = _logits(probabilities), np.arange(len(y_true))

    def negative_log_likelihood(log_temperature: float) -> float:
        return -log_softmax(logits / np.exp(log_temperature), axis=1)[rows, y_true].mean()

    found = minimize_scalar(negative_log_likelihood, bounds=np.log(TEMPERATURES), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def apply_temperature(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities at another temperature; the most probable class stays.

    Parameters
    ----------
    probabilities : ndarray of shape (n_samples, n_classes), float
    temperature : float
        Above 0; 1 changes nothing.

    Returns
    -------
    ndarray of shape (n_samples, n_classes), float64
        Rows sum to 1.

    Raises
    ------
    InputError
        If the temperature is not above 0.
    """
    if not temperature > 0:
        raise InputError(f"A temperature is above 0; received {temperature!r}.")
    return softmax(_logits(probabilities) / temperature, axis=1)


@dataclass(frozen=True, eq=False)
class Calibration:
    """How well probabilities of one class are calibrated.

    Attributes
    ----------
    brier : float
        Mean squared distance of probability and outcome (Brier 1950).
    ece : float
        Expected calibration error in ten bins of equal width (Naeini et al. 2015).
    reliability : DataFrame
        ``predicted, observed, low, high, n_samples``, as `core.metrics.curves.calibration_points`.
    """

    brier: float
    ece: float
    reliability: pd.DataFrame


def measure_calibration(y_true: np.ndarray, y_score: np.ndarray) -> Calibration:
    """Calibration of one class's probabilities: `y_true` 0 or 1 and `y_score` in [0, 1], both of shape (n_samples,)."""
    ones = np.ones((1, len(y_true)))
    brier, ece = (float(statistic(y_true, y_score)(ones)[0]) for statistic in (weighted.brier, weighted.ece))
    return Calibration(brier, ece, calibration_points(y_true, y_score))


def run_temperature(run: Run) -> float:
    """The temperature fitted on a run's stored validation scores.

    Parameters
    ----------
    run : Run

    Returns
    -------
    float

    Raises
    ------
    InputError
        If it has none of two classes.
    """
    table = select_split(run.predictions, "val", run.name)
    scores = table[[f"p_{name}" for name in run.config.class_names]].to_numpy(dtype=np.float64)
    return fit_temperature(table["y_true"].to_numpy(), scores)


def calibrate_panel(
    panel: Panel, runs: Sequence[Run], class_id: int = 1
) -> dict[str, tuple[Calibration, Calibration | None, float | None]]:
    """Calibration of one class for runs side by side, before and after temperature scaling fitted on each run's validation images.

    A collapsed run is scaled by its own classes first and collapsed then.

    Parameters
    ----------
    panel : Panel
    runs : sequence of Run
        Of at least the names in the panel.
    class_id : int
        Of the panel's classes.

    Returns
    -------
    dict of str to (Calibration, Calibration or None, float or None)
        By run name: before, after, and the temperature; None for a run without validation scores to fit it on.
    """
    by_name = {run.name: run for run in runs}
    outcome = (panel.y_true == class_id).astype(np.int64)
    found = {}
    for name, scores in zip(panel.names, panel.scores, strict=True):
        scaled, temperature = _scaled(by_name[name], panel)
        after = None if scaled is None else measure_calibration(outcome, scaled[:, class_id])
        found[name] = measure_calibration(outcome, scores[:, class_id]), after, temperature
    return found


def _scaled(run: Run, panel: Panel) -> tuple[np.ndarray | None, float | None]:
    """The run's test scores after scaling, in the order of the panel, and the temperature."""
    try:
        temperature = run_temperature(run)
    except InputError:
        return None, None
    scored = solo(run)
    scaled = replace(scored, scores=apply_temperature(scored.scores[0], temperature)[None])
    return renamed(collapse(scaled) if run.name in panel.collapsed else scaled, panel).scores[0], temperature


def _logits(probabilities: np.ndarray) -> np.ndarray:
    return np.log(np.clip(np.asarray(probabilities, dtype=np.float64), EPSILON, 1.0))
