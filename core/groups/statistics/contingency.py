"""Counts of images by group and class, as they are and as they would be had other patients been drawn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    import pandas as pd

N_DRAWS, FEWER_DRAWS = 1000, 200
MANY = 20_000  # patients, from which on an interval is so narrow that fewer draws tell it as well
CHUNK_CELLS = 4_000_000  # numbers held at a time
FEW_CELLS = 256  # up to which a plain product is quicker than a sparse one
SEED = 0


def table(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Images of each row and column: ndarray of shape `shape`, float."""
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def drawn_tables(cells: np.ndarray, n_cells: int, patients: np.ndarray, n_draws: int | None = None) -> Iterator[np.ndarray]:
    """Counts of images by cell when whole patients are drawn with replacement.

    Parameters
    ----------
    cells : ndarray of shape (n_samples,), int
        The cell of each image, such as its group and class in one number.
    n_cells : int
    patients : ndarray of shape (n_samples,), int
        Numbered from 0.
    n_draws : int, optional
        1,000, or 200 of very many patients.

    Yields
    ------
    ndarray of shape (n_chunk, n_cells), float
        Chunks that together have `n_draws` rows; the same patients give the same draws.

    References
    ----------
    Field and Welsh, "Bootstrapping clustered data", J. R. Stat. Soc. B 69 (2007) 369: the randomised cluster bootstrap.
    """
    n_patients = int(patients.max(initial=-1)) + 1
    n_draws = n_draws or (N_DRAWS if n_patients <= MANY else FEWER_DRAWS)
    by_patient = csr_array((np.ones(len(cells), np.float32), (patients, cells)), shape=(n_patients, n_cells))
    dense = by_patient.toarray() if n_cells <= FEW_CELLS else None
    step = max(1, CHUNK_CELLS // max(n_patients, n_cells))
    for begin in range(0, n_draws, step):
        weights = _weights(n_patients, begin, min(step, n_draws - begin)).astype(np.float32)
        yield ((by_patient.T @ weights.T).T if dense is None else weights @ dense).astype(float)  # counts: single precision is exact


@lru_cache(maxsize=2)
def _weights(n_patients: int, begin: int, n_draws: int) -> np.ndarray:
    """How often each patient is drawn: shape (n_draws, n_patients). Kept, because numbers on the same images use the same draws."""
    drawn = np.random.default_rng([SEED, begin]).integers(0, n_patients, (n_draws, n_patients), dtype=np.int32)
    drawn += (np.arange(n_draws, dtype=np.int32) * n_patients)[:, np.newaxis]
    return np.bincount(drawn.ravel(), minlength=n_draws * n_patients).reshape(n_draws, n_patients).astype(np.int16)


def patient_codes(patient_id: pd.Series, sample_id: pd.Series) -> np.ndarray:
    """Patients numbered from 0; an image whose patient is unknown is a patient of its own.

    Parameters
    ----------
    patient_id, sample_id : Series of shape (n_samples,)

    Returns
    -------
    ndarray of shape (n_samples,), int
    """
    import pandas as pd

    return pd.factorize(patient_id.fillna("image " + sample_id))[0]
