"""Groups of images by any fact of theirs: a value each, or bins of numbers."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from core.counted import counted
from core.datasets.dataset import Dataset
from core.errors import InputError
from core.groups.bins import bin_names, in_bins, number_text, quantile_edges
from core.groups.by_appearance.at_hand import fitted_rows
from core.groups.by_appearance.medoids import medoid_ranks
from core.groups.by_appearance.stages import Stages
from core.groups.facts import BY_KEY, FACTS, as_float, is_number, user_columns, user_values
from core.groups.grouping import FEWEST_K, MOST_K, Grouping
from core.groups.measured import standardised, table_looks
from core.groups.statistics.contingency import patient_codes

BINS = 5
FEW_VALUES = 8  # numbers with no more different values are not put into bins
MISSING, OTHERS = "not stated", "all other values"


def fact_groups(dataset: Dataset, by: str, k: int | None = None, stages: Stages | None = None) -> Grouping:
    """Group the images of a data set by a fact or a column of the user's table.

    Numbers stand in bins of about as many training images each, five where nobody said; with at most eight different values each is a
    group. Text gives a group for each value, at most 20: the rarer ones stand together. Images without a value are a group of their own.

    Parameters
    ----------
    dataset : Dataset
    by : str
        A column of the user's table, or the key of one of `core.groups.facts.FACTS`; the column comes first.
    k : int, optional
        Groups at most, 2 to 20, those without a value not counted.
    stages : callable of str, optional

    Returns
    -------
    Grouping

    Raises
    ------
    InputError
        If there is no such fact, it is known of no image, or no two images share a value.
    """
    if k is not None and not FEWEST_K <= k <= MOST_K:
        raise InputError(f"{k} groups cannot be made; ask for {FEWEST_K} to {MOST_K}.")
    key, title, values, notes = _found(dataset, by, stages)
    if values.isna().all():
        raise InputError(f"{title} is not known of any image of {dataset.title!r}; group by something else.")
    codes, names, said = _numbers(dataset, values, k) if is_number(values) else _texts(values, title, k)
    missing = codes < 0
    if missing.any():
        codes, names = np.where(missing, len(names), codes), (*names, MISSING)
        notes.append(f"{title} is not known of {missing.sum():,} of {len(codes):,} images; they are a group of their own.")
    if len(names) == 1:
        notes.append(f"All images have one value, so there is one group and nothing to compare it with: {names[0]}.")
    return Grouping(key, title, names, codes, _ranks(dataset, codes), f"Grouped by one fact: {title}.", (*notes, *said))


def _found(dataset: Dataset, by: str, stages: Stages | None) -> tuple[str, str, pd.Series, list[str]]:
    columns = user_columns(dataset)
    column = by if by in columns else None
    if column is None and by.casefold() not in BY_KEY:
        column = next((name for name in columns if name.casefold() == by.casefold()), None)
    if column is not None:
        return column, column, user_values(dataset, column), []
    if by.casefold() not in BY_KEY:
        raise InputError(_unknown(by, columns))
    fact = BY_KEY[by.casefold()]
    return fact.key, fact.title, fact.values(dataset, stages), [fact.note] if fact.note else []


def _unknown(by: str, columns: list[str]) -> str:
    known = ["appearance", *(fact.key for fact in FACTS), *columns]
    near = difflib.get_close_matches(by, known, 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"There is nothing called {by!r:.80} to group by.{meant} Choose one of {', '.join(known)}."


def _numbers(dataset: Dataset, values: pd.Series, k: int | None) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    numbers = as_float(values)
    different = np.unique(numbers[np.isfinite(numbers)])
    if not len(different):
        raise InputError(f"The numbers of {values.name!r} are all endless; group by something else.")
    if len(different) <= (k or FEW_VALUES):
        codes = np.where(np.isfinite(numbers), np.searchsorted(different, numbers), -1)
        return codes, tuple(map(number_text, different)), _fewer(k, len(different))
    fitted = numbers[fitted_rows(dataset.samples["split"].to_numpy())[0]]
    fitted = fitted if np.isfinite(fitted).any() else numbers
    edges = quantile_edges(fitted, k or BINS)
    codes = in_bins(numbers, edges)
    whole = bool((different == different.round()).all())
    asked = f"{k} bins were asked for, but so many images share a value that there are {len(edges) + 1}."
    return codes, bin_names(edges, different[0], different[-1], whole), [asked] if k and len(edges) + 1 < k else []


def _texts(values: pd.Series, title: str, k: int | None) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    known = values.notna().to_numpy()
    texts = values.astype("object").map(str)
    counts = texts[known].value_counts()
    order = sorted(counts.index, key=lambda value: (-counts[value], value))
    most = k or MOST_K
    if len(order) <= most:
        names, said = tuple(order), _fewer(k, len(order))
    elif counts.iloc[0] < 2:
        raise InputError(f"{title} has {len(order):,} different values and no two images share one, so it makes no groups.")
    else:
        names = (*order[: most - 1], OTHERS)
        said = [f"{title} has {len(order):,} different values: the {most - 1} most frequent are groups, the others stand together."]
    places = {value: place for place, value in enumerate(order[: most - 1] if names[-1:] == (OTHERS,) else order)}
    codes = texts.map(places).fillna(len(names) - 1).to_numpy(dtype=int)
    return np.where(known, codes, -1), names, said


def _fewer(k: int | None, n_values: int) -> list[str]:
    """Why there are fewer groups than somebody asked for."""
    if k is None or n_values >= k:
        return []
    return [
        f"{k} groups were asked for, but there {'is' if n_values == 1 else 'are'} {counted(n_values, 'different value')}, each a group."
    ]


def _ranks(dataset: Dataset, codes: np.ndarray) -> np.ndarray:
    """Medoids among the measured facts of the sample table; the first of each group where nothing was measured."""
    samples = dataset.samples
    rows, _ = fitted_rows(samples["split"].to_numpy())
    fitted = np.zeros(len(samples), dtype=bool)
    fitted[rows] = True
    points = standardised(table_looks(samples), rows)
    points = points if points.shape[1] else np.zeros((len(samples), 1))
    return medoid_ranks(points, codes, patient_codes(samples["patient_id"], samples["sample_id"]), fitted)
