"""What a decision is worth: cost of errors, net benefit, and predictive values at a chosen prevalence. Two classes."""

from __future__ import annotations

from math import isfinite, isnan, nan
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.special import expit

from core.errors import InputError
from core.metrics.curves import rates_by_threshold
from core.metrics.evaluation import Evaluation
from core.metrics.statistics.intervals import Estimate, Z, wilson

Rate = TypeVar("Rate", float, np.ndarray)

MOST = 1e6  # false alarms that a missed case may be worth
SAME = 5e-4  # prevalences that read as the same figure, 62.5 % say, are the same


def checked_cost(k: float) -> float:
    """How many false alarms a missed case is worth.

    Parameters
    ----------
    k : float

    Returns
    -------
    float

    Raises
    ------
    InputError
        Unless it is above 0 and at most a million.
    """
    if not 0 < k <= MOST:
        raise InputError(f"A missed case is worth more than 0 and at most {MOST:,.0f} false alarms; received {_received(k)}.")
    return float(k)


def checked_prevalence(prevalence: float) -> float:
    """A share of cases.

    Parameters
    ----------
    prevalence : float
        In (0, 1).

    Returns
    -------
    float

    Raises
    ------
    InputError
        Unless it lies between 0 and 1, where both kinds of patient are seen.
    """
    if not 0 < prevalence < 1:
        raise InputError(f"A prevalence lies between 0 and 1, such as 0.05 for one in twenty; received {_received(prevalence)}.")
    return float(prevalence)


def decision_curve(y_true: np.ndarray, y_score: np.ndarray, prevalence: float | None = None, n_steps: int = 99) -> pd.DataFrame:
    """Net benefit of acting on a model, by the probability from which one would act.

    Parameters
    ----------
    y_true : ndarray of shape (n_samples,), int
        0 or 1.
    y_score : ndarray of shape (n_samples,), float
        Probability of class 1.
    prevalence : float, optional
        Share of cases where the model is to be used, in (0, 1); that of the images if None.
    n_steps : int
        Thresholds, evenly spaced inside (0, 1).

    Returns
    -------
    DataFrame
        ``threshold, net_benefit, treat_all``: true calls less false ones weighed by the odds of the threshold, for each image;
        treating none is 0. NaN where a class is missing.

    References
    ----------
    Vickers and Elkin, "Decision curve analysis", Medical Decision Making 26 (2006) 565; at another prevalence by Pfeiffer and
    Gail, Biometrical Journal 62 (2020) 764.
    """
    share = _prevalence(y_true, prevalence)
    rates = _rates_at(y_true, y_score, np.arange(1, n_steps + 1) / (n_steps + 1))
    odds = rates["threshold"] / (1 - rates["threshold"])
    benefit = rates["sensitivity"] * share - (1 - rates["specificity"]) * (1 - share) * odds
    return pd.DataFrame({"threshold": rates["threshold"], "net_benefit": benefit, "treat_all": share - (1 - share) * odds})


def cost_per_100(evaluation: Evaluation, k: float, prevalence: float | None = None) -> float:
    """What errors cost, counted in false alarms per 100 images, where a missed case is worth `k` of them.

    Parameters
    ----------
    evaluation : Evaluation
        Of two classes.
    k : float
        Above 0, at most a million.
    prevalence : float, optional
        Share of cases, in (0, 1); that of the images if None.

    Returns
    -------
    float
        NaN where a class has no image.

    Raises
    ------
    InputError
        If `k` or the prevalence is out of range.
    """
    normal, cases = evaluation.confusion_matrix.sum(axis=1)
    share = _prevalence(np.repeat([0, 1], [normal, cases]), prevalence)
    return float(_cost(evaluation.metrics["sensitivity"].value, evaluation.metrics["specificity"].value, k, share))


def predictive_values(evaluation: Evaluation, prevalence: float | None = None) -> dict[str, Estimate]:
    """Of the images called, and of those not called, how many are right where cases are as common as `prevalence`.

    Parameters
    ----------
    evaluation : Evaluation
        Of two classes.
    prevalence : float, optional
        In (0, 1); that of the images if None.

    Returns
    -------
    dict of str to Estimate
        ``ppv`` and ``npv``; NaN where a class has no image or nothing is called. At the prevalence of the images, to a twentieth of a
        percent, they are counted, ``ppv`` is the precision, and the 95 % interval is Wilson's; at another one it is the logit interval.

    Raises
    ------
    InputError
        If the prevalence is out of range.

    References
    ----------
    Mercaldo, Lau and Zhou, "Confidence intervals for predictive values with an emphasis to case-control studies", Statistics
    in Medicine 26 (2007) 2170, adjusted logit intervals.
    """
    share = None if prevalence is None else checked_prevalence(prevalence)
    (tn, fp), (fn, tp) = evaluation.confusion_matrix
    if not tn + fp or not fn + tp:
        return dict.fromkeys(("ppv", "npv"), Estimate(nan, nan, nan, evaluation.n_samples))
    if share is None or abs(share - (fn + tp) / evaluation.n_samples) <= SAME:
        return {"ppv": wilson(tp, tp + fp), "npv": wilson(tn, tn + fn)}
    return {
        "ppv": _share_right((tp, fn + tp), (fp, tn + fp), share, 1 - share, evaluation.n_samples),
        "npv": _share_right((tn, tn + fp), (fn, fn + tp), 1 - share, share, evaluation.n_samples),
    }


def _share_right(right: tuple[int, int], wrong: tuple[int, int], own: float, other: float, n_samples: int) -> Estimate:
    """The share right among calls, from the rate of right calls in one class and of wrong ones in the other, and their prevalences."""
    hits, errors = right[0] / right[1] * own, wrong[0] / wrong[1] * other
    if not hits + errors:
        return Estimate(nan, nan, nan, n_samples)
    value = hits / (hits + errors)
    rates, variance = [], 0.0
    for count, total in (right, wrong):
        rate = (count + Z**2 / 2) / (total + Z**2)
        rates.append(rate)
        variance += (1 - rate) / (rate * (total + Z**2))
    centre, half = np.log(rates[0] / rates[1]) + np.log(own) - np.log(other), Z * np.sqrt(variance)
    low, high = expit([centre - half, centre + half])
    return Estimate(float(value), float(min(low, value)), float(max(high, value)), n_samples)


def _rates_at(y_true: np.ndarray, y_score: np.ndarray, thresholds: np.ndarray) -> pd.DataFrame:
    return rates_by_threshold(y_true, y_score, thresholds=thresholds)


def _cost(sensitivity: Rate, specificity: Rate, k: float, share: float) -> Rate:
    k = checked_cost(k)
    return 100 * (k * (1 - sensitivity) * share + (1 - specificity) * (1 - share))


def _prevalence(y_true: np.ndarray, prevalence: float | None) -> float:
    if prevalence is None:
        return float(np.mean(y_true)) if len(y_true) else float("nan")
    return checked_prevalence(prevalence)


def _received(value: float) -> str:
    if isfinite(value):
        return f"{value:g}"
    return "no number" if isnan(value) else "infinity"
