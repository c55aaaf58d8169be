"""A metric of several runs on the same images, and how it would scatter had other patients been drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.metrics.statistics import influence, weighted
from core.metrics.statistics.bootstrap import draws, percentile_interval
from core.metrics.statistics.clusters import Patients
from core.metrics.statistics.delong import normal_p
from core.metrics.statistics.intervals import Z

LARGE = 10_000  # images above which influences take the place of draws: quicker by orders, and as good


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
        return self._variance_of(self.replicates[row])

    def difference(self, a: int, b: int) -> tuple[float, float, float]:
        """Run `b` minus run `a`: difference, its standard error, and the two-sided p-value of a normal difference."""
        difference = float(self.values[b] - self.values[a])
        error = float(np.sqrt(self._variance_of(self.replicates[b] - self.replicates[a])))
        return difference, error, max(normal_p(difference, error), self.least_p)

    def _variance_of(self, replicates: np.ndarray) -> float:
        if not self.drawn:
            return float((replicates**2).sum())
        defined = replicates[np.isfinite(replicates)]
        return float(defined.var()) if len(defined) else float("nan")


def sample(metric: str, arguments: Sequence[tuple], patients: Patients, draw: bool | None = None) -> Sampled:
    """Values and replicates of one metric for several runs; the images of one patient alone tell nothing of scatter: NaN.

    Parameters
    ----------
    metric : str
        A function of both `core.metrics.statistics.weighted` and `core.metrics.statistics.influence`.
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
