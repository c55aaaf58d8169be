"""Patient-cluster bootstrap: whole patients are drawn with replacement, because images of one patient are alike."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

import numpy as np

from core.metrics.statistics.clusters import Patients
from core.metrics.statistics.intervals import LEVEL
from core.metrics.statistics.statistic import Statistic, evaluate_all

N_DRAWS = 1000
CHUNK_CELLS = 4_000_000  # weights held at a time, so memory stays flat for large test sets


def cluster_weights(patients: Patients, n_draws: int = N_DRAWS, seed: int = 0) -> Iterator[np.ndarray]:
    """How often each sample appears in each bootstrap draw.

    Parameters
    ----------
    patients : Patients
        Of n_samples images.
    n_draws : int
    seed : int
        The same seed gives the same draws, so that two models are compared on the same patients.

    Yields
    ------
    ndarray of shape (n_chunk, n_samples), float64
        Chunks that together have `n_draws` rows.

    References
    ----------
    Field and Welsh, "Bootstrapping clustered data", J. R. Stat. Soc. B 69 (2007) 369: the randomised cluster bootstrap.
    """
    if n_draws * len(patients.codes) <= CHUNK_CELLS:
        yield _few_weights(patients, n_draws, seed)
    else:
        yield from _drawn(patients, n_draws, seed)


@functools.lru_cache(maxsize=4)
def _few_weights(patients: Patients, n_draws: int, seed: int) -> np.ndarray:
    """Kept, because every run and every metric of one set of images uses the same draws."""
    weights = np.concatenate(list(_drawn(patients, n_draws, seed)))
    weights.flags.writeable = False
    return weights


def _drawn(patients: Patients, n_draws: int, seed: int) -> Iterator[np.ndarray]:
    n_patients, rng = patients.n_patients, np.random.default_rng(seed)
    rows = max(1, CHUNK_CELLS // max(len(patients.codes), 1))
    for begin in range(0, n_draws, rows):
        counts = rng.multinomial(n_patients, np.full(n_patients, 1 / n_patients), size=min(rows, n_draws - begin))
        yield counts[:, patients.codes].astype(np.float64)


def draws(statistics: Mapping[str, Statistic], patients: Patients, n_draws: int = N_DRAWS, seed: int = 0) -> dict[str, np.ndarray]:
    """Bootstrap values of several statistics on the same draws: arrays of shape (n_draws,), NaN where undefined."""
    parts = [evaluate_all(statistics, weights) for weights in cluster_weights(patients, n_draws, seed)]
    return {name: np.concatenate([part[name] for part in parts]) for name in statistics}


def percentile_interval(values: np.ndarray) -> tuple[float, float]:
    """The central 95 % of bootstrap values; NaN where fewer than half of them are defined.

    Parameters
    ----------
    values : ndarray of shape (n_draws,), float

    Returns
    -------
    tuple of (float, float)
        Low and high.
    """
    defined = values[np.isfinite(values)]
    if len(defined) < len(values) / 2:
        return float("nan"), float("nan")
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)
