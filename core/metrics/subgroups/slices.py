"""Weakest slices: in which films, told by one fact or by two, a run errs more often than in others of the same class.

Searched on validation and held against test. Many slices are tried, so p-values are corrected for all of them: whole patients change their
errors with others of as many films, 1,000 times, and a slice counts if few of these draws hold any slice as unlikely as it is. That keeps
the films of a patient together and knows that slices overlap.

References
----------
Westfall and Young, "Resampling-Based Multiple Testing" (Wiley, 1993), algorithm 2.5: single-step minP. Holm (1979) on test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from core.metrics.statistics.holm import ALPHA, adjusted

LEAST, N_SHOWN, N_PERMUTATIONS = 20, 10, 1000
MOST_CELLS, ALWAYS = 5_000_000, 500  # slices times films, and slices at least: a table of many columns makes more pairs than a page can try
FEWEST_TO_CONFIRM = 10
CONFIRMED, NOT_CONFIRMED, TOO_FEW = "confirmed", "not confirmed", "too few films"
Part = tuple[str, int]  # a fact's key and the group of it


@dataclass(frozen=True, eq=False)
class Slices:
    """What a search found.

    Attributes
    ----------
    table : DataFrame
        The least likely first: ``class_id, parts`` (tuple of (fact, group)), ``n, n_wrong, rate, rate_elsewhere, p, p_adjusted``.
    n_searched : int
        How many different slices of at least so many films there were, over all classes.
    cut : bool
        Whether there were more than were tried.
    """

    table: pd.DataFrame
    n_searched: int
    cut: bool = False


def weakest(
    wrong: np.ndarray, y_true: np.ndarray, patients: np.ndarray, facts: Mapping[str, np.ndarray], least: int = LEAST,
    n_permutations: int = N_PERMUTATIONS,
) -> Slices:  # fmt: skip
    """Search single facts and pairs of facts for films in which a run errs more often than elsewhere in the same class.

    Parameters
    ----------
    wrong : ndarray of shape (n_samples,), bool
    y_true : ndarray of shape (n_samples,), int
    patients : ndarray of shape (n_samples,), int
        Numbered from 0.
    facts : mapping of str to ndarray of shape (n_samples,), int
        By key, the group of each film; −1 for none.
    least : int
        Films that a slice must have.
    n_permutations : int

    Returns
    -------
    Slices
        Those of a higher error rate than elsewhere, at most ten; of two facts only where both together say more than each alone.
    """
    found, n_searched, cut = [], 0, False
    for class_id in np.unique(y_true):
        of_class = np.flatnonzero(y_true == class_id)
        parts, members, more = _members({key: codes[of_class] for key, codes in facts.items()}, least)
        n_searched, cut = n_searched + len(parts), cut or more
        if len(parts) and wrong[of_class].any():
            found.append(_tested(int(class_id), parts, members, wrong[of_class], patients[of_class], n_permutations))
    columns = ["class_id", "parts", "n", "n_wrong", "rate", "rate_elsewhere", "p", "p_adjusted"]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    n_classes = max(len(found), 1)
    table["p_adjusted"] = np.minimum(table["p_adjusted"].astype(float) * n_classes, 1)  # the classes are searched apart
    table = table[table["rate"] > table["rate_elsewhere"]].sort_values(
        ["p_adjusted", "p", "n"], ascending=[True, True, False], kind="stable"
    )
    return Slices(table.head(N_SHOWN).reset_index(drop=True), n_searched, cut)


def confirm(found: pd.DataFrame, wrong: np.ndarray, y_true: np.ndarray, facts: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The slices of `weakest` on other films: ``n, n_wrong, rate, rate_elsewhere, p, p_adjusted, verdict``, in the same order.

    Fisher's exact test, one-sided, corrected by Holm's method for the slices that were unlikely where they were found; only those are
    tested, for nothing else was claimed.

    Parameters
    ----------
    found : DataFrame
        Of `Slices`.
    wrong, y_true, facts
        As in `weakest`.

    Returns
    -------
    DataFrame
    """
    rows = []
    for row in found.itertuples():
        of_class = y_true == row.class_id
        inside = of_class & chosen(row.parts, facts)
        n, n_wrong, rest = int(inside.sum()), int(wrong[inside].sum()), of_class & ~inside
        p = float(_tail(n_wrong - 1, of_class.sum(), wrong[of_class].sum(), n)) if n else np.nan
        rows.append((n, n_wrong, _mean(wrong[inside]), _mean(wrong[rest]), p, row.p_adjusted < ALPHA))
    table = pd.DataFrame(rows, columns=["n", "n_wrong", "rate", "rate_elsewhere", "p", "claimed"])
    tested = table["claimed"].astype(bool) & (table["n"] >= FEWEST_TO_CONFIRM)
    table["p_adjusted"] = adjusted(np.where(tested, table["p"].astype(float), np.nan)) if len(table) else []
    verdicts = np.where(table["p_adjusted"].astype(float) < ALPHA, CONFIRMED, NOT_CONFIRMED)
    said = np.where(table["n"] < FEWEST_TO_CONFIRM, TOO_FEW, verdicts)
    return table.assign(verdict=np.where(table["claimed"].astype(bool), said, "")).drop(columns="claimed")


def chosen(parts: Sequence[Part], facts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whether each film is of all parts of a slice: bool of shape (n_samples,)."""
    return np.logical_and.reduce([facts[key] == group for key, group in parts])


def _members(facts: Mapping[str, np.ndarray], least: int) -> tuple[list[tuple[Part, ...]], np.ndarray, bool]:
    """Slices of enough films that differ from each other, and from all films: bool of shape (n_slices, n_samples)."""
    parts: list[tuple[Part, ...]] = []
    rows: list[np.ndarray] = []
    known: set[bytes] = set()
    for one, inside in _candidates(facts, least):
        content = np.packbits(inside).tobytes()
        if inside.all() or content in known:
            continue
        if len(parts) >= max(MOST_CELLS // len(inside), ALWAYS):
            return parts, np.stack(rows), True
        known.add(content)
        parts.append(one)
        rows.append(inside)
    return parts, np.stack(rows) if rows else np.zeros((0, 0), dtype=bool), False


def _candidates(facts: Mapping[str, np.ndarray], least: int) -> Iterator[tuple[tuple[Part, ...], np.ndarray]]:
    """Single facts first, so that a pair which is the same films is left out."""
    singles = {}
    for key, codes in facts.items():
        sizes = np.bincount(codes[codes >= 0])
        for group in np.flatnonzero(sizes >= least):
            singles[key, int(group)] = codes == group
    for part, inside in singles.items():
        yield (part,), inside
    for (a, inside_a), (b, inside_b) in combinations(singles.items(), 2):
        if a[0] != b[0] and (both := inside_a & inside_b).sum() >= least:
            yield (a, b), both


def _tested(
    class_id: int, parts: list[tuple[Part, ...]], members: np.ndarray, wrong: np.ndarray, patients: np.ndarray, n_permutations: int
) -> pd.DataFrame:
    """p-values of one class's slices, as they are and corrected for all of them."""
    sizes, n_wrong, total = members.sum(axis=1), members[:, wrong].sum(axis=1), int(wrong.sum())
    tail = _tails(sizes, len(wrong), total)
    p = tail[np.arange(len(sizes)), n_wrong]
    lowest = _lowest(tail, members, np.stack(list(_permuted(wrong, patients, n_permutations))))
    corrected = (1 + (lowest[:, None] <= p * (1 + 1e-9)).sum(axis=0)) / (1 + n_permutations)
    rate, elsewhere = n_wrong / sizes, (total - n_wrong) / (len(wrong) - sizes)
    table = pd.DataFrame({
        "class_id": class_id, "parts": parts, "n": sizes, "n_wrong": n_wrong, "rate": rate, "rate_elsewhere": elsewhere, "p": p,
        "p_adjusted": corrected, 
    })  # fmt: skip
    alone = {one[0]: value for one, value in zip(parts, rate, strict=True) if len(one) == 1}
    says_more = [len(one) == 1 or value > max(alone.get(part, 0) for part in one) for one, value in zip(parts, rate, strict=True)]
    return table[says_more]


def _tails(sizes: np.ndarray, n: int, total: int) -> np.ndarray:
    """P(at least so many wrong in a slice of each size): shape (n_slices, total + 1), Fisher's exact test with one side."""
    different, places = np.unique(sizes, return_inverse=True)
    return _tail(np.arange(total + 1)[None, :] - 1, n, total, different[:, None])[places]


def _permuted(wrong: np.ndarray, patients: np.ndarray, n_permutations: int) -> Iterator[np.ndarray]:
    """Errors after patients changed theirs with others of as many films: bool of shape (n_samples,) each time."""
    rng, order = np.random.default_rng(0), np.argsort(patients, kind="stable")
    _, starts, counts = np.unique(patients[order], return_index=True, return_counts=True)
    blocks = [order[starts[counts == size][:, None] + np.arange(size)] for size in np.unique(counts)]  # (n_patients, size) each
    for _ in range(n_permutations):
        found = np.empty_like(wrong)
        for rows in blocks:
            found[rows] = wrong[rows[rng.permutation(len(rows))]]
        yield found


def _lowest(tail: np.ndarray, members: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """The smallest p-value of any slice in each draw: shape (n_draws,)."""
    inside, rows = members.astype(np.float32), np.arange(len(tail))[:, None]
    step = max(1, MOST_CELLS // len(tail))
    parts = [draws[begin : begin + step].astype(np.float32) for begin in range(0, len(draws), step)]
    return np.concatenate([tail[rows, (inside @ part.T).astype(int)].min(axis=0) for part in parts])


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _tail(n_wrong: np.ndarray | int, n_all: int, n_wrong_of_all: int, n: np.ndarray | int) -> np.ndarray:
    """Probability of more wrong ones than `n_wrong` among `n` drawn of all: Fisher's exact test, one-sided."""
    from scipy.stats import hypergeom  # seconds to load, which no page has to wait for

    return hypergeom.sf(n_wrong, n_all, n_wrong_of_all, n)
