"""All that is said of groups: how many images of which class, what sets each apart, and how far groups and classes are tied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.counted import counted as number_of
from core.datasets.dataset import Dataset
from core.groups.by_appearance.at_hand import APPEARANCE
from core.groups.by_appearance.stages import Stages
from core.groups.grouping import Grouping
from core.groups.statistics.apart import Difference, differences, sentences
from core.groups.statistics.contingency import table
from core.groups.statistics.described import VISIBLE
from core.groups.statistics.estimates import class_ids, estimates, judged_rows
from core.groups.statistics.mix import Shift
from core.groups.statistics.tie import FEWEST_IMAGES
from core.metrics.statistics.intervals import Estimate

SPLITS = ("train", "val", "test")
MOST_WORDS = 2
ALONE = "There is no other group to compare it with."


@dataclass(frozen=True, eq=False)
class Summary:
    """What is said of a grouping.

    Attributes
    ----------
    names : tuple of str
        Of the groups; those by appearance with what sets them apart, such as ``Group 2: darker, all IM``.
    counts : DataFrame
        ``group, split, class_name, n``: positions of groups, and images; only of splits and classes that are there, zeros included.
    apart : list of list of Difference
    medoids : list of list of str
        Sample ids, the most typical first.
    pull : ndarray of shape (k,), float
        Each group's part of the mutual information of group and class among the images that the tie is measured on; sums to 1, or
        is all 0 where there is no tie.
    cramers_v, auc : Estimate
        Of group and class on the images that are not of test.
    cramers_v_test : Estimate
        The same on test, which nothing is chosen by.
    shift : Shift
        Of the mix of groups from the images not of test to those of test.
    notes : tuple of str
    """

    names: tuple[str, ...]
    counts: pd.DataFrame
    apart: list[list[Difference]]
    medoids: list[list[str]]
    pull: np.ndarray
    cramers_v: Estimate
    auc: Estimate
    cramers_v_test: Estimate
    shift: Shift
    notes: tuple[str, ...]

    @property
    def worst_first(self) -> list[int]:
        """Positions of the groups, those that pull group and class together most first."""
        return sorted(range(len(self.names)), key=lambda group: (-round(float(self.pull[group]), 9), group))

    def sentences(self, group: int) -> list[str]:
        """What sets a group apart."""
        if len(self.names) < 2:
            return [ALONE]
        n = int(self.counts.loc[self.counts["group"] == group, "n"].sum())
        if n < FEWEST_IMAGES:
            return [f"It holds {number_of(n, 'image')}, too few to say what sets it apart."]
        others = int(self.counts["n"].sum()) - n
        if others < FEWEST_IMAGES:
            return [f"All other groups together hold {number_of(others, 'image')}, too few to compare it with."]
        return sentences(self.apart[group])


def summarise(dataset: Dataset, grouping: Grouping, stages: Stages | None = None, at_hand: bool = False) -> Summary:
    """Say all there is to say of a grouping.

    Parameters
    ----------
    dataset : Dataset
    grouping : Grouping
        Of its images.
    stages : callable of str, optional
    at_hand : bool
        Whether only what no image has to be looked at for is said of what sets groups apart.

    Returns
    -------
    Summary
    """
    samples, judged = dataset.samples, judged_rows(dataset)
    apart, numbers = differences(dataset, grouping, stages, at_hand), estimates(dataset, grouping)
    return Summary(
        names=_named(grouping, apart),
        counts=counted(grouping.codes, samples["split"], samples["class_name"], dataset.class_names, grouping.k),
        apart=apart,
        medoids=grouping.medoids(samples["sample_id"].to_numpy()),
        pull=_pull(table(grouping.codes[judged], class_ids(dataset)[judged], (grouping.k, len(dataset.class_names)))),
        **numbers,
        notes=(*grouping.notes, *_unsaid(dataset, grouping, numbers["cramers_v"].n_samples, numbers["auc"])),
    )


def counted(codes: np.ndarray, split: pd.Series, class_name: pd.Series, class_names: tuple[str, ...], k: int) -> pd.DataFrame:
    """Images of each group, split and class.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), int
        Positions of groups.
    split, class_name : Series of shape (n_samples,), str
    class_names : tuple of str
        In their order.
    k : int
        Groups.

    Returns
    -------
    DataFrame
        ``group, split, class_name, n``; only of splits that are there, zeros included.
    """
    splits = [name for name in SPLITS if (split == name).any()]
    keys = pd.MultiIndex.from_product([range(k), splits, class_names], names=["group", "split", "class_name"])
    found = pd.DataFrame({"group": codes, "split": split.astype(str).to_numpy(), "class_name": class_name.astype(str).to_numpy()})
    return found.value_counts(sort=False).reindex(keys, fill_value=0).rename("n").reset_index()


def shares(counts: pd.DataFrame, group: int) -> dict[str, dict[str, float]]:
    """By split and class, the share of a group's images in that split; splits of which it has none are left out.

    Parameters
    ----------
    counts : DataFrame
        As `Summary.counts`.
    group : int

    Returns
    -------
    dict of str to dict of str to float
    """
    part = counts[counts["group"] == group]
    found = {}
    for split, rows in part.groupby("split", sort=False):
        if total := int(rows["n"].sum()):
            found[split] = {name: n / total for name, n in zip(rows["class_name"], rows["n"], strict=True)}
    return found


def _named(grouping: Grouping, apart: list[list[Difference]]) -> tuple[str, ...]:
    if grouping.by != APPEARANCE:
        return grouping.names
    for n_words in (MOST_WORDS, MOST_WORDS + 1):  # a third where two groups would be called the same
        words = [", ".join(part.words for part in (_visible(parts) or parts)[:n_words]) for parts in apart]
        if len(set(words)) == len(words):
            break
    return tuple(f"{name}: {said}" if said else name for name, said in zip(grouping.names, words, strict=True))


def _visible(parts: list[Difference]) -> list[Difference]:
    return [part for part in parts if part.key in VISIBLE]


def _pull(counts: np.ndarray) -> np.ndarray:
    """Each group's part of the mutual information of a table of group and class."""
    n, sizes = max(counts.sum(), 1), counts.sum(axis=1, keepdims=True)
    expected = sizes * counts.sum(axis=0) / n
    parts = np.where(counts > 0, counts * np.log(np.maximum(counts, 1) / np.where(expected > 0, expected, 1)), 0).sum(axis=1)
    return np.maximum(parts, 0) / parts.sum() if parts.sum() > 1e-9 else np.zeros(len(counts))


def _unsaid(dataset: Dataset, grouping: Grouping, n_judged: int, auc: Estimate) -> list[str]:
    """What cannot be said of these images, and why."""
    said, in_test = [], (dataset.samples["split"] == "test").to_numpy()
    if len(dataset.class_names) < 2:
        said.append("There is one class, so groups and classes cannot be tied.")
    elif n_judged < FEWEST_IMAGES:
        there = f"there {'is' if n_judged == 1 else 'are'} {number_of(n_judged, 'image')}"
        said.append(f"How far groups and classes are tied is told of {FEWEST_IMAGES} images or more; {there}.")
    elif not np.isfinite(auc.value):
        said.append("Fewer than two classes have five patients, so it is not known how well a group alone tells the class.")
    if not in_test.any() or in_test.all():
        said.append(f"There are {'only' if in_test.any() else 'no'} test images, so it is not known whether the mix of groups moves.")
    if grouping.k > 1 and np.bincount(grouping.codes, minlength=1).max() == 1:
        said.append("Each group has one image, so nothing can be said of what its images share.")
    return said
