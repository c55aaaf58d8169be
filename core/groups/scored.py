"""The appearance groups of images that a run scored, where they come with the index: no images are needed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from core.groups.by_appearance.at_hand import groups_at_hand
from core.groups.by_appearance.shipped import codes_by_id

if TYPE_CHECKING:
    from core.datasets.dataset import Dataset
    from core.runs.run import Run


def known_groups(run: Run) -> pd.Series | None:
    """The group of each image that a run scored on validation and test.

    Parameters
    ----------
    run : Run

    Returns
    -------
    Series of int or None
        By sample id, positions of the groups that `core.groups.open_groups` gives for the index; None for other images.

    Raises
    ------
    InputError
        If the run has no predictions.
    """
    known = codes_by_id()
    return known if _ids().issuperset(run.predictions["sample_id"]) else None


def group_numbers(dataset: Dataset) -> pd.Series | None:
    """The number from 1 of the group by appearance of each image, where that is known without looking at one.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    Series of int or None
        By sample id.
    """
    grouping = groups_at_hand(dataset)
    return None if grouping is None else pd.Series(grouping.codes + 1, dataset.samples["sample_id"].to_numpy())


@lru_cache(maxsize=1)
def _ids() -> frozenset[str]:
    """The ids of the shipped index; thousands of them are looked up for each of many runs."""
    known = codes_by_id()
    return frozenset() if known is None else frozenset(known.index)
