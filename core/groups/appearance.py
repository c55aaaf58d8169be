"""Groups of images that look alike: fitted on train alone, the rest assigned, labels unused."""

from __future__ import annotations

import numpy as np

from core.datasets.dataset import Dataset
from core.errors import InputError
from core.groups.clusters import TRUST, cluster
from core.groups.contingency import patient_codes
from core.groups.grouping import FEWEST_K, MOST_K, Grouping
from core.groups.kept import Kept, keep, made_from, read_kept
from core.groups.look import BACKBONE, MEASURED, SENTENCES, WITHOUT_WEIGHTS, kind_at_hand, look
from core.groups.medoids import medoid_ranks
from core.groups.shipped import is_shipped, shipped_codes
from core.groups.stages import Stages, stage

APPEARANCE = "appearance"
TITLE = "Appearance"


def appearance_groups(dataset: Dataset, k: int | None = None, stages: Stages | None = None) -> Grouping:
    """Group the images of a data set by what they look like.

    Parameters
    ----------
    dataset : Dataset
    k : int, optional
        How many groups, 2 to 20; else the number that comes back best among other patients, see `core.groups.clusters.choose_k`.
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
    if is_shipped(dataset):
        codes, ranks, stability = shipped_codes(dataset, k)
        return _grouping(dataset, Kept(codes, ranks, k or int(codes.max()) + 1, stability, {"look": BACKBONE, "asked": k}))
    if dataset.samples.empty:
        raise InputError("There are no images to group.")
    kind, key = kind_at_hand(dataset)
    made = made_from(dataset.digest, kind, key, k)
    return _grouping(dataset, read_kept(made) or keep(_made(dataset, made, stages)))


def fitted_rows(split: np.ndarray) -> tuple[np.ndarray, str]:
    """Rows that groups are fitted on, and a sentence where those are not the training images.

    Parameters
    ----------
    split : ndarray of shape (n_samples,), str
    """
    if (split == "train").any():
        return np.flatnonzero(split == "train"), ""
    rest = np.flatnonzero(split != "test")
    if len(rest):
        return rest, "There are no training images, so the groups are those of the validation images."
    return np.arange(len(split)), "There are only test images, so the groups are theirs."


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
    """
    rows, _ = fitted_rows(dataset.samples["split"].to_numpy())
    patients = patient_codes(dataset.samples["patient_id"], dataset.samples["sample_id"])
    found = cluster(points, rows, patients, k, stage(stages, "grouping"))
    if k is not None and len(found.centres) < k:
        raise InputError(f"{k} groups cannot be made of {len(found.centres):,} different training images; ask for fewer.")
    codes, fitted = found.assign(points), np.zeros(len(points), dtype=bool)
    fitted[rows] = True
    return Kept(codes, medoid_ranks(points, codes, patients, fitted), len(found.centres), found.stability, made)


def _grouping(dataset: Dataset, kept: Kept) -> Grouping:
    names = tuple(f"Group {number + 1}" for number in range(kept.k))
    notes = [fitted_rows(dataset.samples["split"].to_numpy())[1], *_on_number(kept)]
    if kept.look == MEASURED:
        notes.append(WITHOUT_WEIGHTS)
    return Grouping(APPEARANCE, TITLE, names, kept.codes, kept.ranks, SENTENCES[kept.look], tuple(filter(None, notes)))


def _on_number(kept: Kept) -> list[str]:
    """Why there are as many groups as there are, where nobody asked for a number."""
    if kept.k == 1:
        return ["All training images look the same, so there is one group."]
    if not np.isfinite(kept.stability):
        return []
    said = f"{kept.k} groups come back best when other patients are grouped (adjusted Rand index {kept.stability:.2f}; 1: the same groups)"
    return [f"{said}." if kept.stability >= TRUST else f"{said}, but not well: an image at the edge of a group may as well be in the next."]
