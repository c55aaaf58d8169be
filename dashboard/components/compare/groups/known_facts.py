"""What is known of the images that runs were compared on, by which they can be put into groups: no image is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets import Dataset, open_shipped
from core.errors import InputError
from core.groups import APPEARANCE, FACTS, Grouping, groups_at_hand, names_of, open_groups, summarise, user_columns, with_names
from core.groups.by_fact import MISSING, OTHERS
from dashboard import state

NEEDS_PIXELS = ("sharpness",)  # measured for the shipped index only; of others it would be measured now
NOT_MADE = "These images are not in appearance groups yet: make them on the Data page, or group by something else."
UNKNOWN = (
    "Nothing is known of these test images: they are neither in the data set in use nor in the shipped index. Choose the folder or table "
    "that the runs were judged on, on the Data page."
)


@dataclass(frozen=True, eq=False)
class Known:
    """A grouping of images.

    Attributes
    ----------
    title : str
    names : tuple of str
        Of the groups; those by appearance with what sets them apart where that is measured.
    by_id : Series of int
        By sample id, position of the group.
    notes : tuple of str
    """

    title: str
    names: tuple[str, ...]
    by_id: pd.Series
    notes: tuple[str, ...]

    def codes(self, sample_ids: pd.Series, stated: bool = False) -> np.ndarray:
        """The group of each image, −1 for an unknown one; with `stated` also for those that stand together for want of a value."""
        found = self.by_id.reindex(sample_ids).fillna(-1).to_numpy(dtype=int)
        unsaid = [place for place, name in enumerate(self.names) if name in (MISSING, OTHERS)]
        return np.where(np.isin(found, unsaid), -1, found) if stated and self.by_id.name != APPEARANCE else found


def images_of(sample_ids: pd.Series) -> Dataset | None:
    """The data set that knows all of these images: the shipped index, of which all is measured, unless a table of the user's tells more."""
    used = _used()
    candidates = [used] if used is not None and user_columns(used) else []
    candidates += [_shipped(), *([used] if used is not None else [])]
    wanted = set(sample_ids)
    return next((one for one in candidates if wanted <= _ids(one.digest, one)), None)


def _used() -> Dataset | None:
    try:
        return state.dataset()
    except InputError:
        return None


def offered(dataset: Dataset) -> dict[str, str]:
    """What its images can be grouped by, and what a person calls it; the user's own columns come last."""
    facts = {fact.key: fact.title for fact in FACTS if not (dataset.has_pixels and fact.key in NEEDS_PIXELS)}
    return {APPEARANCE: "Appearance"} | facts | {column: column for column in user_columns(dataset) if column not in facts}


def known(dataset: Dataset, by: str) -> Known:
    """The images of a data set in groups; raises InputError, saying why, where they cannot be."""
    found = _known(dataset.digest, by, dataset)
    if isinstance(found, str):
        raise InputError(found)
    return _as_on_data(dataset, found)


def all_known(dataset: Dataset) -> Mapping[str, Known]:
    """Every grouping that can be had, by key."""
    found = {by: _known(dataset.digest, by, dataset) for by in offered(dataset)}
    return {by: _as_on_data(dataset, one) for by, one in found.items() if not isinstance(one, str) and len(one.names) > 1}


def _as_on_data(dataset: Dataset, found: Known) -> Known:
    """Groups by appearance called as on the Data page, a user's own names among them, where the data in use is in the same groups."""
    if found.by_id.name != APPEARANCE:
        return found
    used = _used()
    for one in (used, dataset) if used is not None else (dataset,):
        grouping = groups_at_hand(one)
        if grouping is not None and found.by_id.reindex(one.samples["sample_id"]).eq(grouping.codes).all():
            names = _names(one.digest, hash(grouping.codes.tobytes()), one, grouping)
            return replace(found, names=with_names(names, names_of(one, grouping)))
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _names(digest: str, which: int, _dataset: Dataset, _grouping: Grouping) -> tuple[str, ...]:
    return tuple(summarise(_dataset, _grouping, at_hand=True).names)


@st.cache_resource(max_entries=1, show_spinner=False)
def _shipped() -> Dataset:
    return open_shipped()


@st.cache_resource(max_entries=4, show_spinner=False)
def _ids(digest: str, _dataset: Dataset) -> frozenset[str]:
    return frozenset(_dataset.samples["sample_id"])


@st.cache_resource(max_entries=200, show_spinner="Putting the films into groups …")
def _known(digest: str, by: str, _dataset: Dataset) -> Known | str:
    """A grouping, or why there is none."""
    try:
        grouping = _grouping(_dataset, by)
    except InputError as error:
        return str(error)
    by_id = pd.Series(grouping.codes, _dataset.samples["sample_id"].astype(str).to_numpy(), name=by)
    return Known(grouping.title, grouping.names, by_id, grouping.notes)


def _grouping(dataset: Dataset, by: str) -> Grouping:
    if by != APPEARANCE:
        return open_groups(dataset, by)
    found = groups_at_hand(dataset)
    if found is None:
        raise InputError(NOT_MADE)
    return found
