"""Groups as tables to take away: the group of each image, and what there is to say of each group."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.groups.grouping import Grouping
from core.groups.statistics.summary import Summary
from core.metrics.statistics.intervals import wilson


def assignment(dataset: Dataset, grouping: Grouping, names: Mapping[int, str]) -> pd.DataFrame:
    """The group of each image.

    Parameters
    ----------
    dataset : Dataset
    grouping : Grouping
    names : mapping of int to str
        What a user called groups, by their position.

    Returns
    -------
    DataFrame
        ``sample_id, group, group_name, medoid_rank``: groups numbered from 1; the rank is missing but for the most typical images.
    """
    called = np.array([names.get(group, name) for group, name in enumerate(grouping.names)], dtype=object)
    return pd.DataFrame(
        {
            "sample_id": dataset.samples["sample_id"].to_numpy(),
            "group": grouping.codes + 1,
            "group_name": called[grouping.codes],
            "medoid_rank": pd.array(np.where(grouping.ranks > 0, grouping.ranks, 0).astype(int), dtype="Int64"),
        }
    ).assign(medoid_rank=lambda table: table["medoid_rank"].where(table["medoid_rank"] > 0))


def group_table(counts: pd.DataFrame, grouping: Grouping, summary: Summary, names: Mapping[int, str]) -> pd.DataFrame:
    """One row for each group, split and class, worst group first.

    Parameters
    ----------
    counts : DataFrame
        Of `core.groups.statistics.summary.counted`.
    grouping : Grouping
    summary : Summary
        Of it.
    names : mapping of int to str

    Returns
    -------
    DataFrame
        ``group, group_name, split, class_name, n, n_group, share, low, high, apart``: the share of the class in the group's images of the
        split with Wilson's 95 % interval, and what sets the group apart.
    """
    total = counts.groupby(["group", "split"], sort=False)["n"].transform("sum")
    intervals = [wilson(n, whole) for n, whole in zip(counts["n"], total, strict=True)]
    table = counts.assign(n_group=total, share=[one.value for one in intervals], low=[one.low for one in intervals],
                          high=[one.high for one in intervals])  # fmt: skip
    place = {group: rank for rank, group in enumerate(summary.worst_first)}
    table = table.sort_values("group", key=lambda groups: groups.map(place), kind="stable")
    called = {group: names.get(group, name) for group, name in enumerate(grouping.names)}
    apart = {group: " ".join(summary.sentences(group)) for group in range(grouping.k)}
    table.insert(1, "group_name", table["group"].map(called))
    return table.assign(apart=table["group"].map(apart), group=table["group"] + 1).reset_index(drop=True)
