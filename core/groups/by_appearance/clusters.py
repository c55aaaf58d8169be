"""k-means on what images look like, and how many groups to make where nobody said."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from core.parallel import Progress

if TYPE_CHECKING:
    from core.datasets.pixel_store import RowFile

N_COMPONENTS = 32
MOST_FITTED = 20_000  # images; more move no centre that a person would notice
CANDIDATES = range(4, 13)
IMAGES_A_GROUP = 10  # training images, on average, below which no more groups are made
HALVES = 10
TRUST = 0.5  # adjusted Rand index: below, the groups of other patients would be other groups
STARTS = 10


@dataclass(frozen=True, eq=False)
class Clusters:
    """Centres of groups.

    Attributes
    ----------
    centres : ndarray of shape (k, n_dimensions), float64
        The group of most training images first.
    stability : float
        Mean adjusted Rand index of the groups that two halves of the training patients give; NaN where `k` was asked for.
    """

    centres: np.ndarray
    stability: float

    def assign(self, points: np.ndarray) -> np.ndarray:
        """The nearest centre of points of shape (n, n_dimensions): ndarray of shape (n,), int."""
        squared = (self.centres**2).sum(axis=1)
        parts = (points[start : start + MOST_FITTED] for start in range(0, len(points), MOST_FITTED))
        nearest = [(squared - 2 * part.astype(np.float64) @ self.centres.T).argmin(axis=1) for part in parts]
        return np.concatenate(nearest) if nearest else np.zeros(0, dtype=int)


def reduce(features: np.ndarray | RowFile, train: np.ndarray) -> np.ndarray:
    """Features along the principal axes of the training images, 32 at most.

    They are centred but not scaled: directions in which images hardly differ would otherwise count as much as any.

    Parameters
    ----------
    features : ndarray or RowFile of shape (n_samples, n_features)
    train : ndarray of shape (n_train,), int
        Rows to fit on; of very many, an even choice.

    Returns
    -------
    ndarray of shape (n_samples, n_components), float32
    """
    from sklearn.decomposition import PCA  # a second to load, which groups that are kept do without

    fitted = features[_even(train)].astype(np.float32)
    n_components = min(N_COMPONENTS, len(fitted) - 1, fitted.shape[1])
    if n_components < 1:
        return np.zeros((len(features), 1), np.float32)
    with threadpool_limits(1):
        pca = PCA(n_components, svd_solver="randomized", random_state=0).fit(fitted)
    rows = np.arange(len(features))
    parts = (rows[start : start + 4096] for start in range(0, len(rows), 4096))
    return np.concatenate([pca.transform(features[part].astype(np.float32)) for part in parts]).astype(np.float32)


def cluster(
    points: np.ndarray, train: np.ndarray, patients: np.ndarray, k: int | None = None, progress: Progress | None = None
) -> Clusters:
    """Groups of training images that lie near each other.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_dimensions)
    train : ndarray of shape (n_train,), int
        Rows to fit on; of more than 20,000, an even choice.
    patients : ndarray of shape (n_samples,), int
    k : int, optional
        How many groups; else as `choose_k` says. Never more than there are different training images.
    progress : callable of (int, int), optional

    Returns
    -------
    Clusters
    """
    rows = _even(train)
    values = points[rows].astype(np.float64)
    n_different, stability = len(np.unique(values, axis=0)), np.nan
    if k is None:
        k, stability = choose_k(values, patients[rows], progress)
    with threadpool_limits(1):
        return Clusters(_centres(values, min(k, n_different), STARTS), stability if k <= n_different else np.nan)


def choose_k(values: np.ndarray, patients: np.ndarray, progress: Progress | None = None) -> tuple[int, float]:
    """How many groups the images themselves suggest: the number that comes back best among other patients.

    For each number from 4 to 12, ten times: the patients are halved by chance, each half is grouped, and both groupings are laid on
    all images; the number with the largest mean adjusted Rand index (Hubert and Arabie 1985) wins, the smaller on a tie. This is the
    stability of Lange et al. (2004), by patient, since two films of one child always agree. Numbers below four are not tried: two and
    three nearly always come back best, and hide the small groups that are sought here, whereas a group cut in two still shows what it
    holds (Sohoni et al. 2020 cluster finer than they need for the same reason). Above twelve a group of a thousand images has too few
    of a rare class to say anything of it. Small sets get at most one group for ten training images, at least two.

    Parameters
    ----------
    values : ndarray of shape (n_train, n_dimensions)
    patients : ndarray of shape (n_train,), int
    progress : callable of (int, int), optional

    Returns
    -------
    k : int
    stability : float
        The mean index of the winner; NaN where nothing could be tried.

    References
    ----------
    Hubert and Arabie, "Comparing partitions", J. Classif. 2 (1985) 193.
    Lange, Roth, Braun and Buhmann, "Stability-based validation of clustering solutions", Neural Comput. 16 (2004) 1299.
    Sohoni, Dunnmon, Angus, Gu and Ré, "No subclass left behind", NeurIPS 2020.
    """
    tried = [k for k in CANDIDATES if k * IMAGES_A_GROUP <= len(values)]
    if not tried or len(np.unique(patients)) < 2:
        return max(2, min(len(values) // IMAGES_A_GROUP, CANDIDATES.start)), np.nan
    with threadpool_limits(1):  # two threads get in each other's way on so little
        indices = _indices(values, patients, tried, progress)
    means = np.array([column[np.isfinite(column)].mean() if np.isfinite(column).any() else -1 for column in indices.T])
    best = int(means.round(6).argmax())
    return tried[best], float(means[best])


def _indices(values: np.ndarray, patients: np.ndarray, tried: list[int], progress: Progress | None) -> np.ndarray:
    """Adjusted Rand index of each pair of halves and each number tried, NaN where a half has too few images."""
    names, rng, indices = np.unique(patients), np.random.default_rng(0), np.full((HALVES, len(tried)), np.nan)
    for repeat in range(HALVES):
        chosen = np.isin(patients, rng.permutation(names)[: len(names) // 2])
        for column, k in enumerate(tried):
            if min(chosen.sum(), (~chosen).sum()) >= k:
                indices[repeat, column] = _agreement(values, chosen, k)
        if progress:
            progress((repeat + 1) * len(values) // HALVES, len(values))
    return indices


def _agreement(values: np.ndarray, chosen: np.ndarray, k: int) -> float:
    """Adjusted Rand index, on all images, of what either half makes of them."""
    from sklearn.metrics import adjusted_rand_score

    sides: list[Callable] = [Clusters(_centres(values[part], k, 2), np.nan).assign for part in (chosen, ~chosen)]
    return float(adjusted_rand_score(*(assign(values) for assign in sides)))


def _centres(values: np.ndarray, k: int, n_starts: int) -> np.ndarray:
    """Centres by k-means, those of most images first."""
    from sklearn.cluster import KMeans

    if k < 2:
        return values.mean(axis=0, keepdims=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that some images of a half are the same
        fitted = KMeans(k, n_init=n_starts, random_state=0).fit(values)
    sizes = np.bincount(fitted.labels_, minlength=k)
    return fitted.cluster_centers_[np.lexsort((np.arange(k), -sizes))]


def _even(rows: np.ndarray) -> np.ndarray:
    """An even choice of at most `MOST_FITTED` rows."""
    return rows if len(rows) <= MOST_FITTED else rows[np.linspace(0, len(rows) - 1, MOST_FITTED).astype(int)]
