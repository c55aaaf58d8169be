"""Groups of images that look alike: fitted on train alone, the rest assigned, labels unused."""

from __future__ import annotations

import numpy as np

from core.datasets.dataset import Dataset
from core.errors import InputError
from core.groups.by_appearance.at_hand import as_grouping, content_of, fitted_rows, groups_at_hand
from core.groups.by_appearance.clusters import cluster
from core.groups.by_appearance.kept import BACKBONE, Kept, keep, made_from, read_kept
from core.groups.by_appearance.look import kind_at_hand, look
from core.groups.by_appearance.medoids import medoid_ranks
from core.groups.by_appearance.shipped import is_known
from core.groups.by_appearance.stages import Stages, stage
from core.groups.grouping import FEWEST_K, MOST_K, Grouping
from core.groups.statistics.contingency import patient_codes


def appearance_groups(dataset: Dataset, k: int | None = None, stages: Stages | None = None) -> Grouping:
    """Group the images of a data set by what they look like.

    Parameters
    ----------
    dataset : Dataset
    k : int, optional
        How many groups, 2 to 20; else the number that comes back best among other patients, see `clusters.choose_k`.
    stages : callable of str, optional
        Makes a progress callback for each stage.

    Returns
    -------
    Grouping
        Group 1 holds most training images. The same images, weights and number give the same groups; they are kept in the cache.

    Raises
    ------
    InputError
        If `k` is out of range or larger than the number of different training images, there is nothing to tell the look of the
        images from, or an image or the weight file cannot be read.
    """
    if k is not None and not FEWEST_K <= k <= MOST_K:
        raise InputError(f"{k} groups cannot be made; ask for {FEWEST_K} to {MOST_K}.")
    if dataset.samples.empty:
        raise InputError("There are no images to group.")
    kind, key = kind_at_hand(dataset)
    if kind != BACKBONE and is_known(dataset) and (ships := groups_at_hand(dataset, k)):  # they rest on a backbone
        return ships
    made = made_from(content_of(dataset), kind, key, k)
    return as_grouping(dataset, read_kept(made) or keep(_made(dataset, made, stages)))


def _made(dataset: Dataset, made: dict, stages: Stages | None) -> Kept:
    rows, _ = fitted_rows(dataset.samples["split"].to_numpy())
    points = look(dataset, made["look"], rows, stages).points
    return grouped(dataset, points, made["asked"], made, stages)


def grouped(dataset: Dataset, points: np.ndarray, k: int | None, made: dict, stages: Stages | None = None) -> Kept:
    """Groups of images whose look is known.

    Parameters
    ----------
    dataset : Dataset
    points : ndarray of shape (n_samples, n_dimensions)
    k : int, optional
    made : dict
        Of `made_from`.
    stages : callable of str, optional

    Returns
    -------
    Kept

    Raises
    ------
    InputError
    """
    rows, _ = fitted_rows(dataset.samples["split"].to_numpy())
    patients = patient_codes(dataset.samples["patient_id"], dataset.samples["sample_id"])
    found = cluster(points, rows, patients, k, stage(stages, "grouping"))
    if k is not None and len(found.centres) < k:
        raise InputError(f"{k} groups cannot be made of {len(found.centres):,} different training images; ask for fewer.")
    codes, fitted = found.assign(points), np.zeros(len(points), dtype=bool)
    fitted[rows] = True
    return Kept(codes, medoid_ranks(points, codes, patients, fitted), len(found.centres), found.stability, made)
