"""Which groups the page shows: what a person chose to group by, into how many, and whether that is at hand."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.datasets import Dataset
from core.datasets.tables.columns import listed
from core.errors import InputError
from core.groups import (
    APPEARANCE,
    FEWEST_K,
    MOST_K,
    Grouping,
    Summary,
    groups_at_hand,
    known_facts,
    open_groups,
    summarise,
    unknown_look,
    user_columns,
)
from core.groups.measured import sharpness_at_hand
from dashboard.components.query_params import preset

BY, NUMBER = "data_by", "data_k"
AUTOMATIC = "Automatic"
NUMBERS = (AUTOMATIC, *map(str, range(FEWEST_K, MOST_K + 1)))
LOOK_ALIKE = "What they look like"
UNSEEN = ("sharpness",)  # facts for which every image has to be looked at once


@dataclass(frozen=True, eq=False)
class InUse:
    """The groups that the page shows.

    Attributes
    ----------
    by : str
        As `core.groups.open_groups` takes it.
    k : int or None
        None for the number that is found best.
    grouping : Grouping or None
        None where it has to be made first, or cannot be.
    reason : str
        Why it cannot be made; empty where it can.
    """

    by: str
    k: int | None
    grouping: Grouping | None
    reason: str = ""


def titles(dataset: Dataset) -> dict[str, str]:
    """What images can be grouped by, as it is shown, and what `open_groups` calls it: the look, our facts, the user's columns."""
    return _titles(dataset.digest, dataset)


@st.cache_data(max_entries=8, show_spinner=False)
def _titles(digest: str, _dataset: Dataset) -> dict[str, str]:
    ours = {LOOK_ALIKE: APPEARANCE} | {fact.title: fact.key for fact in known_facts(_dataset)}
    theirs: dict[str, str] = {}
    for column in user_columns(_dataset):
        short = f"Column {column[:40]}"
        theirs[short if short not in theirs else f"{short} ({len(theirs) + 1})"] = column
    return ours | theirs


def groups_in_use(dataset: Dataset) -> InUse:
    """What is chosen, by the widgets or the link, and its groups if that needs no long work."""
    known = titles(dataset)
    preset(BY, known, LOOK_ALIKE, {key: title for title, key in known.items()})
    preset(NUMBER, NUMBERS, AUTOMATIC)
    by = known[st.session_state[BY]]
    number = st.session_state[NUMBER]
    k = None if number == AUTOMATIC else int(number)
    if by in UNSEEN and by not in user_columns(dataset) and not sharpness_at_hand(dataset):
        return InUse(by, k, None)
    try:
        return InUse(by, k, _grouping(dataset.digest, by, k, dataset))
    except _NotMade:
        return InUse(by, k, None)
    except InputError as error:
        return InUse(by, k, None, str(error))


def summary_of(dataset: Dataset, used: InUse) -> Summary:
    """All that is said of the groups in use; computed once for each."""
    return _summary(dataset.digest, used.by, used.k, hash(used.grouping.codes.tobytes()), dataset, used.grouping)


def look_again() -> None:
    """Forget which groups are at hand, once some were made."""
    _grouping.clear()


class _NotMade(Exception):
    """Groups that have to be made first: what raises is not kept, so it is asked for anew."""


@st.cache_resource(max_entries=12, show_spinner="Grouping the images …")
def _grouping(digest: str, by: str, k: int | None, _dataset: Dataset) -> Grouping:
    if by == APPEARANCE and by not in user_columns(_dataset):
        if known := groups_at_hand(_dataset, k):
            return known
        if reason := unknown_look(_dataset):
            others = [title for title, key in titles(_dataset).items() if key != APPEARANCE]
            raise InputError(f"{reason} They can be grouped by {listed(others)}; or choose the folder of the images.")
        raise _NotMade
    return open_groups(_dataset, by, k)


@st.cache_resource(max_entries=12, show_spinner="Comparing the groups …")
def _summary(digest: str, by: str, k: int | None, which: int, _dataset: Dataset, _grouping: Grouping) -> Summary:
    return summarise(_dataset, _grouping, at_hand=True)
