"""One sentence on groups that a student understands: what the most different ones hold, and whether that gives the class away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import pandas as pd

from core.groups.by_appearance.at_hand import APPEARANCE
from core.groups.grouping import Grouping
from core.groups.statistics.tie import FEWEST_IMAGES, TIED
from core.metrics.statistics.intervals import Estimate, with_interval

FEWEST = 20  # images of a split in a group, below which its share is no news
SPLIT_WORDS = {"train": "on train", "val": "on validation", "test": "on test"}


def headline(counts: pd.DataFrame, grouping: Grouping, v: Estimate, names: Mapping[int, str] | None = None) -> str:
    """Say what the two most different groups hold.

    Parameters
    ----------
    counts : DataFrame
        Of `core.groups.statistics.summary.counted`, its classes in their order: of two, the first is spoken of.
    grouping : Grouping
    v : Estimate
        Cramér's V of group and class.
    names : mapping of int to str, optional
        What a user called groups, by their position.

    Returns
    -------
    str
        Plain text, one or two sentences; of the groups of at least 20 images, and it says so where there are others.
    """
    classes = list(dict.fromkeys(counts["class_name"]))
    if grouping.k < 2:
        return "There is one group, so there is nothing to compare it with."
    if len(classes) < 2:
        return "There is one class, so no group can give it away."
    split = counts["split"].iloc[0]
    part = counts[counts["split"] == split]
    sizes = part.groupby("group")["n"].sum()
    large = [group for group in sizes.index if sizes[group] >= FEWEST]
    where = SPLIT_WORDS[split] + (", validation included" if validation_in_train(counts) else "")
    if len(large) < 2 or not isfinite(v.low):
        return f"The groups are too small to say what they hold: fewer than two have {FEWEST} images {where}."
    shares = part.pivot(index="group", columns="class_name", values="n").loc[large, classes].div(sizes[large], axis=0)
    said = _compared(shares, sizes, where, grouping, v, names or {})
    return said if len(large) == (sizes > 0).sum() else f"Of the groups of {FEWEST} images or more, {_going_on(said)}"


def called(grouping: Grouping, group: int, names: Mapping[int, str]) -> str:
    """A group in a sentence: by its user's name, else ``Group 3``, or by the value that its images share."""
    if group in names:
        return f"The group “{names[group]}”"
    return grouping.names[group] if grouping.by == APPEARANCE else f"The group {grouping.names[group]}"


def validation_in_train(counts: pd.DataFrame) -> bool:
    """Whether what a training will hold out for validation is counted with train.

    Parameters
    ----------
    counts : DataFrame
        As in `headline`.

    Returns
    -------
    bool
    """
    splits = set(counts["split"])
    return "train" in splits and "val" not in splits


def share_text(n: int, whole: int) -> str:
    """``83 %``; of fewer than ten images ``5 of 6``, of none an en dash.

    Parameters
    ----------
    n, whole : int
        Images, and those that they are a part of.

    Returns
    -------
    str
    """
    if not whole:
        return "–"
    return f"{n:,} of {whole:,}" if whole < FEWEST_IMAGES else percent(n / whole)


def percent(share: float) -> str:
    """``83 %``; of little, ``0.2 %``.

    Parameters
    ----------
    share : float
        In [0, 1].

    Returns
    -------
    str
    """
    return f"{100 * share:.{0 if share == 0 or share >= 0.1 else 1}f} %"


def _compared(shares: pd.DataFrame, sizes: pd.Series, where: str, grouping: Grouping, v: Estimate, names: Mapping[int, str]) -> str:
    name = _spoken_of(shares)
    low = shares[name].idxmin()
    high = shares[name].drop(low).idxmax()  # another one, where all hold the same
    said = f"{called(grouping, low, names)} holds {percent(shares[name][low])} {name} {where} (n = {sizes[low]:,})"
    said += f", {_going_on(called(grouping, high, names))} {percent(shares[name][high])} (n = {sizes[high]:,})"
    what = "the look of a film" if grouping.by == APPEARANCE else f"{grouping.title} alone"
    if v.low >= TIED:
        return f"{said}: {what} gives {'its' if grouping.by == APPEARANCE else 'the'} class away."
    return f"{said}, but {what} does not give the class away (Cramér's V {with_interval(v, 2)}; 0 is no tie)."


def _going_on(said: str) -> str:
    """The same within a sentence: a group's own name keeps its capital."""
    return said[0].lower() + said[1:] if said.startswith("The ") else said


def _spoken_of(shares: pd.DataFrame) -> str:
    """The first of two classes; of more, the one whose share differs most between groups."""
    names: Sequence[str] = list(shares.columns)
    return names[0] if len(names) == 2 else str((shares.max() - shares.min()).idxmax())
