"""Leave a series, a hospital or a device out of the training, and test on it: how far what was learnt there carries over.

The images left out take the place of the test images, which such a training never sees.
"""

from __future__ import annotations

import pandas as pd

from core.config import Recipe
from core.datasets import Dataset
from core.datasets.splits import linked_groups
from core.errors import InputError
from core.groups.facts import user_columns, user_values
from core.groups.series import series

SERIES = "series"
PARTS = 5
"""Where the images left out are all of one class, one part in five of the patients of each other class joins them."""


def apart(dataset: Dataset, recipe: Recipe) -> pd.DataFrame:
    """The sample table as a training sees it: what a recipe leaves out is ``test``, and the test images are ``unused``.

    Parameters
    ----------
    dataset : Dataset
    recipe : Recipe
        Its `left_out` is ``COLUMN=VALUE``: ``series`` for what file names begin with, or a column of the user's table.

    Returns
    -------
    DataFrame
        The samples themselves if nothing is left out.

    Raises
    ------
    InputError
        If there is no such column, or no training image with such a value.
    """
    samples = dataset.samples
    if not recipe.left_out:
        return samples
    train = samples["split"] == "train"
    chosen = train & (_values(dataset, recipe.left_out) == recipe.left_out.partition("=")[2])
    if not chosen.any():
        raise InputError(f"No training image has {recipe.left_out}, so it cannot be left out.")
    chosen |= _linked(samples, chosen, train)
    chosen |= _others(samples[train & ~chosen], set(samples.loc[chosen, "class_name"])).reindex(samples.index, fill_value=False)
    split = samples["split"].astype("str").mask(~train & (samples["split"] == "test"), "unused").mask(chosen, "test")
    return samples.assign(split=split)


def _values(dataset: Dataset, left_out: str) -> pd.Series:
    column, equals, _ = left_out.partition("=")
    if not equals:
        raise InputError(f"What is left out is COLUMN=VALUE, such as series=IM; received {left_out!r}.")
    if column == SERIES:
        return series(dataset.samples["sample_id"])
    known = user_columns(dataset)
    if column not in known:
        raise InputError(f"There is no column {column!r} to leave images out by; choose from {', '.join([SERIES, *known])}.")
    return user_values(dataset, column).astype("str")


def _linked(samples: pd.DataFrame, chosen: pd.Series, train: pd.Series) -> pd.Series:
    """Training images of the same patients, or of the same content, as those chosen."""
    groups = pd.Series(linked_groups(samples), samples.index)
    return train & groups.isin(groups[chosen])


def _others(rest: pd.DataFrame, there: set[str]) -> pd.Series:
    """Some patients of each class of which no image is left out, always the same."""
    from sklearn.model_selection import GroupKFold

    found = pd.Series(False, rest.index)
    for name in sorted(set(rest["class_name"]) - there):
        one = rest[rest["class_name"] == name]
        _, held_out = next(GroupKFold(PARTS, shuffle=True, random_state=0).split(one, groups=linked_groups(one)))
        found.loc[one.index[held_out]] = True
    return found
