"""A metric of several runs on the same images, and how it would scatter had other patients been drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.metrics import influence, weighted
from core.metrics.bootstrap import draws, percentile_interval
from core.metrics.delong import normal_difference
from core.metrics.estimate import Z
from core.metrics.patients import Patients

LARGE = 10_000  # images above which influences take the place of draws: quicker by orders, and as good
BOOTSTRAP = "paired patient-cluster bootstrap"
INFLUENCES = "paired delta method over patients"


@dataclass(frozen=True, eq=False)
class Sampled:
    """A metric's values and replicates; the replicates of all runs come from the same patients.

    Attributes
    ----------
    values : ndarray of shape (n_runs,), float64
    replicates : ndarray of shape (n_runs, n_replicates), float64
        Of a bootstrap: the metric in each draw. Else the summed influence of each patient, whose squares add up to the variance.
    drawn : bool
        Whether the replicates come from a bootstrap.
    least_p : float
        The smallest p-value that so few patients allow: that of a fair coin that falls the same way for each of them.
    """

    values: np.ndarray
    replicates: np.ndarray
    drawn: bool
    least_p: float = 0.0

    @property
    def method(self) -> str:
        """What a test of a difference is called."""
        return BOOTSTRAP if self.drawn else INFLUENCES

    def take(self, rows: Sequence[int]) -> Sampled:
        """Some of the runs."""
        return replace(self, values=self.values[rows], replicates=self.replicates[rows])

    def without_scatter(self) -> Sampled:
        """The same values where the images are too few to tell how they would scatter: intervals and p-values are NaN."""
        return replace(self, replicates=np.full_like(self.replicates, np.nan))

    def interval(self, row: int) -> tuple[float, float]:
        """A run's 95 % interval; NaN where the metric is undefined."""
        if self.drawn:
            return percentile_interval(self.replicates[row])
        half = Z * np.sqrt(self.variance(row))
        low, high = np.clip([self.values[row] - half, self.values[row] + half], 0, 1)
        return float(low), float(high)

    def variance(self, row: int) -> float:
        """Of a run's metric; NaN where the metric is undefined."""
        if not self.drawn:
            return float((self.replicates[row] ** 2).sum())
        defined = self.replicates[row][np.isfinite(self.replicates[row])]
        return float(defined.var()) if len(defined) else float("nan")

    def difference(self, a: int, b: int) -> tuple[float, float, float, float]:
        """Run `b` minus run `a`: difference, low and high of its 95 % interval, two-sided p-value."""
        difference, replicates = float(self.values[b] - self.values[a]), self.replicates[b] - self.replicates[a]
        if self.drawn:
            return difference, *percentile_interval(replicates), max(_bootstrap_p(replicates), self.least_p)
        return difference, *normal_difference(difference, float((replicates**2).sum()))


def sample(metric: str, arguments: Sequence[tuple], patients: Patients, draw: bool | None = None) -> Sampled:
    """Values and replicates of one metric for several runs; the images of one patient alone tell nothing of scatter: NaN.

    Parameters
    ----------
    metric : str
        A function of both `core.metrics.weighted` and `core.metrics.influence`.
    arguments : sequence of tuple
        That function's arguments for each run.
    patients : Patients
    draw : bool, optional
        Whether to bootstrap; by default up to 10,000 images.

    Returns
    -------
    Sampled
    """
    if not (len(patients.codes) <= LARGE if draw is None else draw):
        return _scattered(_by_influence([getattr(influence, metric)(*one) for one in arguments], patients), patients)
    statistics = {str(number): getattr(weighted, metric)(*one) for number, one in enumerate(arguments)}
    ones = np.ones((1, len(patients.codes)))
    values = np.array([statistic(ones)[0] for statistic in statistics.values()])
    return _scattered(Sampled(values, np.stack(list(draws(statistics, patients).values())), drawn=True), patients)


def _scattered(sampled: Sampled, patients: Patients) -> Sampled:
    least = replace(sampled, least_p=2.0 ** (1 - patients.n_patients))
    return least if patients.n_patients > 1 else least.without_scatter()


def _by_influence(found: list[influence.Influence], patients: Patients) -> Sampled:
    sums = [np.bincount(patients.codes, values, minlength=patients.n_patients) for _, values in found]
    correction = np.sqrt(patients.n_patients / max(patients.n_patients - 1, 1))
    return Sampled(np.array([value for value, _ in found]), np.stack(sums) * correction, drawn=False)


def _bootstrap_p(values: np.ndarray) -> float:
    """Two-sided p-value: twice the smaller share of draws on one side of zero, never below one draw; NaN without draws."""
    defined = values[np.isfinite(values)]
    if not len(defined):
        return float("nan")
    tail = min((defined <= 0).mean(), (defined >= 0).mean())
    return float(min(1.0, max(2 * tail, 2 / (len(defined) + 1))))
