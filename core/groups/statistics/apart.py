"""What sets a group apart, in words: standardised differences of measured facts between its images and all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.groups.by_appearance.stages import Stages
from core.groups.grouping import Grouping
from core.groups.statistics.described import Described, numbers, texts
from core.groups.statistics.tie import FEWEST_IMAGES
from core.metrics.statistics.intervals import in_figures

NOTABLE = 0.5  # standard deviations: Cohen's medium effect
MOST_SENTENCES = 4
LARGEST = 9.9  # shown for more, and where both sides have one value each
NOTHING = "Nothing that is known of the images sets it apart by half a standard deviation."


@dataclass(frozen=True)
class Difference:
    """A fact in which a group differs from all other images.

    Attributes
    ----------
    key : str
    words : str
        ``darker``, or ``mostly IM``.
    sentence : str
    d : float
        Standardised difference; positive where the group has more.
    """

    key: str
    words: str
    sentence: str
    d: float


def standardised_difference(here: np.ndarray, elsewhere: np.ndarray) -> float:
    """Difference of two means over the root of the mean of their variances.

    Parameters
    ----------
    here, elsewhere : ndarray of shape (n,), float
        Missing values are left out; of a yes or no, 1 and 0.

    Returns
    -------
    float
        NaN with fewer than two values on a side; at most 9.9 either way.

    References
    ----------
    Austin, "Balance diagnostics for comparing the distribution of baseline covariates", Stat. Med. 28 (2009) 3083, eq. 1 and 2.
    """
    here, elsewhere = here[np.isfinite(here)], elsewhere[np.isfinite(elsewhere)]
    if min(len(here), len(elsewhere)) < 2:
        return float("nan")
    return _ratio(here.mean() - elsewhere.mean(), (here.var(ddof=1) + elsewhere.var(ddof=1)) / 2)


def differences(dataset: Dataset, grouping: Grouping, stages: Stages | None = None, at_hand: bool = False) -> list[list[Difference]]:
    """For each group, every notable difference between its images and all others, the largest first; none with fewer than ten on a side."""
    known = [one for one in numbers(dataset, stages, at_hand) if one.key != grouping.by]
    words = {key: fact for key, fact in texts(dataset).items() if key != grouping.by}
    found = []
    for group in range(grouping.k):
        inside = grouping.codes == group
        parts = [part for one in known if (part := _of_number(one, inside))]
        parts += [part for key, (title, values) in words.items() if (part := _of_text(key, title, values, inside))]
        found.append(sorted(parts, key=lambda part: -abs(part.d)))
    return found


def sentences(parts: list[Difference]) -> list[str]:
    """The largest differences as sentences; one that says so where there is none."""
    return [part.sentence for part in parts[:MOST_SENTENCES]] or [NOTHING]


def _of_number(fact: Described, inside: np.ndarray) -> Difference | None:
    values = fact.values.to_numpy(dtype=float)
    here, elsewhere = values[inside], values[~inside]
    d = standardised_difference(here, elsewhere)
    if min(np.isfinite(here).sum(), np.isfinite(elsewhere).sum()) < FEWEST_IMAGES or not abs(d) >= NOTABLE:
        return None
    words = fact.words(d > 0)
    said = fact.compared(float(np.nanmean(here)), float(np.nanmean(elsewhere)))
    sentence = f"{words[0].upper()}{words[1:]}: {said} in the other groups, on average {_in_brackets(d)}."
    return Difference(fact.key, words, sentence, d)


def _of_text(key: str, title: str, values: pd.Series, inside: np.ndarray) -> Difference | None:
    """The value that is commoner in the group than elsewhere by most."""
    here, elsewhere = values[inside].dropna(), values[~inside].dropna()
    if min(len(here), len(elsewhere)) < FEWEST_IMAGES:
        return None
    shares = [side.astype(str).value_counts(normalize=True) for side in (here, elsewhere)]
    found = [(_of_shares(share, shares[1].get(value, 0.0)), value) for value, share in shares[0].items()]
    d, value = max(found)
    if d < NOTABLE:
        return None
    percent = [100 * side.get(value, 0.0) for side in shares]
    words = f"{'only' if percent[0] == 100 else 'mostly' if percent[0] >= 50 else 'more'} {title} {value}"
    said = f"{words[0].upper()}{words[1:]}: {percent[0]:.0f} % of its images, {percent[1]:.0f} % of those in the other groups"
    return Difference(key, words, f"{said} {_in_brackets(d)}.", d)


def _of_shares(here: float, elsewhere: float) -> float:
    return _ratio(here - elsewhere, (here * (1 - here) + elsewhere * (1 - elsewhere)) / 2)


def _ratio(difference: float, variance: float) -> float:
    if abs(difference) < 1e-12:
        return 0.0
    return float(np.clip(difference / np.sqrt(max(variance, 1e-18)), -LARGEST, LARGEST))


def _in_brackets(d: float) -> str:
    return f"(standardised difference {in_figures(d, '+.1f')})"
