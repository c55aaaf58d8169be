"""Which images stand for a group: those nearest to its middle."""

from __future__ import annotations

import numpy as np

N_MEDOIDS = 6


def medoid_ranks(points: np.ndarray, codes: np.ndarray, patients: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Rank the images nearest to the middle of their group, one a patient.

    The image nearest to the mean is the one whose squared distances to the others add up to least: the medoid.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_dimensions)
    codes, patients : ndarray of shape (n_samples,), int
    first : ndarray of shape (n_samples,), bool
        Images that come before others, such as those of train; the middle is theirs.

    Returns
    -------
    ndarray of shape (n_samples,), int
        1 to 6 for the medoids of each group, 0 for all others.
    """
    ranks = np.zeros(len(codes), dtype=np.uint8)
    for group in np.unique(codes):
        rows = np.flatnonzero(codes == group)
        middle = points[rows[first[rows]] if first[rows].any() else rows].mean(axis=0, dtype=np.float64)
        distances = ((points[rows] - middle) ** 2).sum(axis=1)
        nearest = rows[np.lexsort((distances, ~first[rows]))]
        _, places = np.unique(patients[nearest], return_index=True)
        chosen = nearest[np.sort(places)[:N_MEDOIDS]]
        ranks[chosen] = np.arange(1, len(chosen) + 1)
    return ranks
