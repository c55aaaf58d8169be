"""Groups by appearance that need no work: those that come with the index, and those that were made before."""

from __future__ import annotations

import numpy as np

from core.datasets.dataset import Dataset
from core.groups.by_appearance.clusters import TRUST
from core.groups.by_appearance.kept import BACKBONE, MEASURED, TABLE, Kept, any_kept
from core.groups.by_appearance.shipped import is_known, is_shipped, shipped_codes
from core.groups.grouping import Grouping

APPEARANCE = "appearance"
TITLE = "Appearance"
SENTENCES = {
    BACKBONE: "Appearance is what a MobileNetV2 trained on ImageNet sees: its features of each image at 128 × 128 pixels.",
    MEASURED: "Appearance is what was measured of each image: brightness, contrast, border, letters in the corners, and detail from coarse "
    "to fine.",
    TABLE: "Appearance is what the table of the images tells: brightness, contrast, border and letters in the corners.",
}
WITHOUT_WEIGHTS = (
    "With the ImageNet weights of MobileNetV2 the groups would rest on more of the picture: put their file into a folder and set "
    "PNEUMOLENS_WEIGHTS to it."
)

_contents: dict[str, str] = {}  # by the digest of a data set of which it was said


def groups_at_hand(dataset: Dataset, k: int | None = None) -> Grouping | None:
    """Groups by appearance without looking at any image; None where that would have to be done first.

    A copy of the published set with just the content of the shipped index has its groups too.

    Parameters
    ----------
    dataset : Dataset
    k : int, optional
        How many groups; else as many as were found best.

    Returns
    -------
    Grouping or None
        By the features of a backbone where there are such, whether or not its weights are still at hand.
    """
    known = kept_at_hand(dataset, k)
    return as_grouping(dataset, known) if known else None


def kept_at_hand(dataset: Dataset, k: int | None = None) -> Kept | None:
    """The numbers of `groups_at_hand`, without a word on them.

    Parameters
    ----------
    dataset : Dataset
    k : int, optional
        How many groups; as many as were found best if None.

    Returns
    -------
    Kept or None
        None where they would have to be measured first.
    """
    known = None if is_shipped(dataset) else any_kept(content_of(dataset), k)
    if (known is None or known.look != BACKBONE) and is_known(dataset):
        known = Kept(*shipped_codes(dataset, k), {"look": BACKBONE})
    return known


def content_of(dataset: Dataset) -> str:
    """The digest that groups are kept by: which class is the ill one has no part in what images look like.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    str
    """
    if not dataset.positive:
        return dataset.digest
    if dataset.digest not in _contents:  # a second for a million images, so not at every look
        _contents[dataset.digest] = dataset.with_positive(None).digest
    return _contents[dataset.digest]


def fitted_rows(split: np.ndarray) -> tuple[np.ndarray, str]:
    """Rows that groups are fitted on, and a sentence where those are not the training images.

    Parameters
    ----------
    split : ndarray of shape (n_samples,), str

    Returns
    -------
    tuple of (ndarray of shape (n_fitted,), int, str)
    """
    if (split == "train").any():
        return np.flatnonzero(split == "train"), ""
    rest = np.flatnonzero(split != "test")
    if len(rest):
        return rest, "There are no training images, so the groups are those of the validation images."
    return np.arange(len(split)), "There are only test images, so the groups are theirs."


def as_grouping(dataset: Dataset, kept: Kept) -> Grouping:
    """Groups that are kept, with what a reader must know of them."""
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
