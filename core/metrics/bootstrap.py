"""Patient-cluster bootstrap: whole patients are drawn with replacement, because images of one patient are alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from core.datasets.names import parse

N_DRAWS = 1000
CHUNK_CELLS = 4_000_000  # weights held at a time, so memory stays flat for large test sets
LEVEL = 0.95

Statistic = Callable[[np.ndarray], np.ndarray]


def cluster_weights(sample_ids: pd.Series, n_draws: int = N_DRAWS, seed: int = 0) -> Iterator[np.ndarray]:
    """How often each sample appears in each bootstrap draw.

    Parameters
    ----------
    sample_ids : Series of shape (n_samples,), str
        Patients are read from them.
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
    patients = pd.factorize(parse(sample_ids)["patient_id"])[0]
    n_patients = patients.max(initial=-1) + 1
    rng = np.random.default_rng(seed)
    rows = max(1, CHUNK_CELLS // max(len(patients), 1))
    for begin in range(0, n_draws, rows):
        counts = rng.multinomial(n_patients, np.full(n_patients, 1 / n_patients), size=min(rows, n_draws - begin))
        yield counts[:, patients].astype(np.float64)


def draws(statistics: dict[str, Statistic], sample_ids: pd.Series, n_draws: int = N_DRAWS, seed: int = 0) -> dict[str, np.ndarray]:
    """Bootstrap values of several statistics on the same draws: arrays of shape (n_draws,), NaN where undefined."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in statistics}
    for weights in cluster_weights(sample_ids, n_draws, seed):
        for name, statistic in statistics.items():
            parts[name].append(statistic(weights))
    return {name: np.concatenate(values) for name, values in parts.items()}


def percentile_interval(values: np.ndarray) -> tuple[float, float]:
    """The central 95 % of bootstrap values; NaN where fewer than half of them are defined."""
    defined = values[np.isfinite(values)]
    if len(defined) < len(values) / 2:
        return float("nan"), float("nan")
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)
