"""The group of films in which a rate of a run is lowest: what a figure over all films hides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.metrics.run_threshold import predict_labels
from core.metrics.statistics.intervals import Estimate, wilson

FEWEST = 20  # films of the class; of fewer a group cannot be the worst


@dataclass(frozen=True)
class Worst:
    """A rate in the group in which it is lowest.

    Attributes
    ----------
    group : int
        Its position among the groups, from 0.
    n_groups : int
        With enough films of the class, among which it is the lowest.
    rate : Estimate
        With Wilson's 95 % interval, and the number of films of the class.
    """

    group: int
    n_groups: int
    rate: Estimate

    def to_json(self) -> dict:
        """``group`` is counted from 1, as pages and the command line count."""
        return {
            "group": self.group + 1, "value": self.rate.value, "low": self.rate.low, "high": self.rate.high,
            "n": self.rate.n_samples, "n_groups": self.n_groups,
        }  # fmt: skip


def worst_groups(
    table: pd.DataFrame, groups: pd.Series | None, class_names: tuple[str, ...], threshold: float | None, fewest: int = FEWEST
) -> dict[str, Worst]:
    """For each class the group in which the fewest of its films are called right.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, y_true, p_<class>…``.
    groups : Series of int, or None
        By sample id; None where the groups are not known.
    class_names : tuple of str
    threshold : float or None
        None for more than two classes.
    fewest : int
        Films of the class that a group must hold.

    Returns
    -------
    dict of str to Worst
        ``sensitivity`` and ``specificity`` of two classes, ``recall_<class>`` of more; without those of which no group holds enough films.
    """
    if groups is None or table.empty:
        return {}
    y_true = table["y_true"].to_numpy()
    right = predict_labels(table[[f"p_{name}" for name in class_names]].to_numpy(dtype=float), threshold) == y_true
    codes = table["sample_id"].map(groups).fillna(-1).to_numpy(dtype=int)
    found = {}
    for name, class_id in _rates(class_names):
        rates = [(group, wilson(int(right[cell].sum()), int(cell.sum()))) for group, cell in _cells(codes, y_true == class_id, fewest)]
        if rates:
            group, rate = min(rates, key=lambda one: one[1].value)
            found[name] = Worst(group, len(rates), rate)
    return found


def _rates(class_names: tuple[str, ...]) -> list[tuple[str, int]]:
    if len(class_names) == 2:
        return [("specificity", 0), ("sensitivity", 1)]
    return [(f"recall_{name}", class_id) for class_id, name in enumerate(class_names)]


def _cells(codes: np.ndarray, of_class: np.ndarray, fewest: int) -> Iterator[tuple[int, np.ndarray]]:
    """The films of a class in each group that holds enough of them."""
    for group in np.unique(codes[codes >= 0]):
        cell = of_class & (codes == group)
        if cell.sum() >= fewest:
            yield int(group), cell
