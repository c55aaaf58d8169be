"""How well the group of an image alone tells its class, on patients that the rule has not seen."""

from __future__ import annotations

import numpy as np

from core.groups.statistics.contingency import drawn_tables, table
from core.metrics.statistics.bootstrap import percentile_interval
from core.metrics.statistics.intervals import Estimate

FOLDS = 5
PRIOR = 1.0  # images' worth of the class shares of all groups, so that a group of one image promises nothing
MOST_CELLS = 4_000  # of folds, groups and classes; of more, an interval takes seconds


def group_auc(groups: np.ndarray, y: np.ndarray, patients: np.ndarray, shape: tuple[int, int]) -> Estimate:
    """AUC of the class shares that a group has among other patients, mean over five folds by patient and over the classes.

    An image's score for a class is the share of that class in its group on the other four folds, drawn towards the share in all groups
    by one image's worth. Scores are compared within a fold only: between folds, leaving out images of a class lowers its own share.
    Over many data sets without a tie the mean is 0.5. In one in which groups happen to share the classes more evenly than chance would,
    a group with more of a class in one fold has less of it in the others, so the area is below 0.5, with its interval: chance, no tie.

    Parameters
    ----------
    groups, y, patients : ndarray of shape (n_samples,), int
        Numbered from 0.
    shape : (int, int)
        Groups and classes.

    Returns
    -------
    Estimate
        0.5 or less: the group tells nothing, 1: it tells the class. Each class of at least five patients against the rest, two classes
        once. NaN with fewer than two such classes. The interval is a bootstrap over patients with the scores as they are.
    """
    usable = _usable(y, patients, shape[1])
    kept = usable[y]
    groups, y, patients = groups[kept], (np.cumsum(usable) - 1)[y[kept]], np.unique(patients[kept], return_inverse=True)[1]
    n_classes = int(usable.sum())
    if n_classes < 2:
        return Estimate(np.nan, np.nan, np.nan, len(y))
    whole = (FOLDS, shape[0], n_classes)
    cells = (folds(y, patients) * shape[0] + groups) * n_classes + y
    counts = table(cells, np.zeros_like(cells), (int(np.prod(whole)), 1)).reshape(whole)
    order = _order(counts)
    value = float(_mean_auc(counts[np.newaxis], order)[0])
    if np.prod(whole) > MOST_CELLS:
        return Estimate(value, np.nan, np.nan, len(y))
    drawn = [_mean_auc(part.reshape(-1, *whole), order) for part in drawn_tables(cells, int(np.prod(whole)), patients)]
    low, high = percentile_interval(np.concatenate(drawn))
    return Estimate(value, low, high, len(y))


def folds(y: np.ndarray, patients: np.ndarray) -> np.ndarray:
    """The fold of each image: patients shuffled within their class and dealt out, so that none is in two folds."""
    _, firsts = np.unique(patients, return_index=True)
    shuffled = np.random.default_rng(0).permutation(len(firsts))
    dealt = np.empty(len(firsts), dtype=int)
    dealt[shuffled[np.argsort(y[firsts][shuffled], kind="stable")]] = np.arange(len(firsts)) % FOLDS
    return dealt[patients]


def _usable(y: np.ndarray, patients: np.ndarray, n_classes: int) -> np.ndarray:
    """Classes with a patient for each fold."""
    pairs = np.unique(np.stack([y, patients]), axis=1)
    return np.bincount(pairs[0], minlength=n_classes) >= FOLDS


def _order(counts: np.ndarray) -> np.ndarray:
    """Rank of each group's score within its fold and class, equal scores equal: shape (n_folds, n_groups, n_classes), int."""
    others = counts.sum(axis=0) - counts
    shares = others.sum(axis=1, keepdims=True) / np.maximum(others.sum(axis=(1, 2), keepdims=True), 1)
    scores = (others + PRIOR * shares) / (others.sum(axis=2, keepdims=True) + PRIOR)
    ranks = np.empty(counts.shape, dtype=int)
    for fold, class_id in np.ndindex(len(counts), counts.shape[2]):
        ranks[fold, :, class_id] = np.unique(scores[fold, :, class_id].round(12), return_inverse=True)[1]
    return ranks


def _mean_auc(counts: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Of tables of shape (n_draws, n_folds, n_groups, n_classes), the mean over folds and classes; folds without a class are left out."""
    classes = (1,) if counts.shape[3] == 2 else range(counts.shape[3])
    areas = [_area(counts[:, fold], ranks[fold], class_id) for fold in range(counts.shape[1]) for class_id in classes]
    defined = np.isfinite(areas)
    return np.where(defined.any(axis=0), np.where(defined, areas, 0).sum(axis=0) / np.maximum(defined.sum(axis=0), 1), np.nan)


def _area(counts: np.ndarray, ranks: np.ndarray, class_id: int) -> np.ndarray:
    """AUC of one class against the rest in one fold, ties half: Mann and Whitney's U from counts by score."""
    rank = ranks[:, class_id]
    by_score = np.eye(rank.max() + 1)[rank]
    ill = counts[:, :, class_id] @ by_score
    well = counts.sum(axis=2) @ by_score - ill
    below = np.cumsum(well, axis=1) - well / 2
    pairs = ill.sum(axis=1) * well.sum(axis=1)
    return np.where(pairs > 0, (ill * below).sum(axis=1) / np.maximum(pairs, 1), np.nan)
