"""Choose on one half of the held-out patients and call the other half, many times: how right each call is, and how steady a rule."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.metrics.statistics.clusters import Patients
from core.studies.threshold_rules.candidates import BATTERY, CANDIDATES, Candidate, scaled, threshold
from core.studies.threshold_rules.evidence import FOLD, PLAIN

N_HALVINGS = 200


@dataclass(frozen=True, eq=False)
class Images:
    """The training images that evidence speaks of.

    Attributes
    ----------
    ids : Index of str
    patients : Patients
    groups : ndarray of shape (n,), int
    mix : ndarray of shape (n,), float
        (Share of the image's group in test) / (share in train), at most 5.
    """

    ids: pd.Index
    patients: Patients
    groups: np.ndarray
    mix: np.ndarray


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a candidate did to one system's images.

    Attributes
    ----------
    hits : ndarray of shape (n,), float
        Share of right calls of each image, over the halvings in which it was called.
    steadiness : float
        Mean of the standard deviations of sensitivity and of specificity over the halvings.
    """

    hits: np.ndarray
    steadiness: float


@dataclass(frozen=True, eq=False)
class _Part:
    """One fold: rows among the images, labels, and scores by view and by view with battery."""

    rows: np.ndarray
    y: np.ndarray
    p: dict[str, np.ndarray]
    battery: dict[str, tuple[np.ndarray, np.ndarray]]  # by view: positions in `rows`, scores


def outcomes(table: pd.DataFrame, images: Images, n_halvings: int = N_HALVINGS) -> tuple[np.ndarray, dict[Candidate, Outcome]]:
    """Labels, and every candidate's outcome, of one system's out-of-fold scores.

    Parameters
    ----------
    table : DataFrame
        Evidence of one system.
    images : Images
    n_halvings : int

    Returns
    -------
    y : ndarray of shape (n,), int
    found : dict of Candidate to Outcome
    """
    parts = [_part(one, images) for name, one in table.groupby("part", observed=True) if str(name).startswith(FOLD)]
    y = np.full(len(images.ids), -1)
    for part in parts:
        y[part.rows] = part.y
    halvings = [_Halving(parts, _half(parts, images, seed)) for seed in range(n_halvings)]
    return y, {candidate: _outcome(candidate, halvings, images, y) for candidate in CANDIDATES}


def _part(table: pd.DataFrame, images: Images) -> _Part:
    plain = {view: one.set_index("sample_id") for view, one in table[table["variant"] == PLAIN].groupby("view", observed=True)}
    ids = plain["whole"].index
    altered = {}
    for view, one in table[table["variant"] != PLAIN].groupby("view", observed=True):
        altered[view] = ids.get_indexer(one["sample_id"]), one["p"].to_numpy(dtype=np.float64)
    scores = {view: one["p"].reindex(ids).to_numpy(dtype=np.float64) for view, one in plain.items()}
    return _Part(images.ids.get_indexer(ids), plain["whole"]["y_true"].to_numpy(dtype=int), scores, altered)


def _half(parts: list[_Part], images: Images, seed: int) -> list[np.ndarray]:
    """For each fold, which of its images a rule chooses on: those of a random half of its patients."""
    rng, found = np.random.default_rng(seed), []
    for part in parts:
        codes = images.patients.codes[part.rows]
        known = rng.permutation(np.unique(codes))
        found.append(np.isin(codes, known[: len(known) // 2]))
    return found


@dataclass(frozen=True, eq=False)
class _Halving:
    """The folds, and which images of each a rule chooses on."""

    parts: list[_Part]
    half: list[np.ndarray]
    known: dict[str, list[np.ndarray]] = field(default_factory=dict)

    def scores(self, candidate: Candidate) -> list[np.ndarray]:
        """The probabilities of each fold, over its temperature if the candidate wants that."""
        if not candidate.scaled:
            return [part.p[candidate.view] for part in self.parts]
        if candidate.view not in self.known:
            both = zip(self.parts, self.half, strict=True)
            self.known[candidate.view] = [scaled(part.y, part.p[candidate.view], chosen) for part, chosen in both]
        return self.known[candidate.view]

    def cuts(self, candidate: Candidate, images: Images) -> list[float]:
        """The threshold for each fold."""
        scores = self.scores(candidate)
        if not candidate.pooled:
            three = zip(self.parts, scores, self.half, strict=True)
            return [_own_cut(candidate, part, p, chosen, images) for part, p, chosen in three]
        columns = [part.y for part in self.parts], scores, [part.rows for part in self.parts]
        y, p, rows = (np.concatenate([v[chosen] for v, chosen in zip(column, self.half, strict=True)]) for column in columns)
        return [threshold(candidate.rule, y, p, 2 * images.groups[rows] + y)] * len(self.parts)


def _outcome(candidate: Candidate, halvings: list[_Halving], images: Images, y: np.ndarray) -> Outcome:
    right, called, rates = np.zeros(len(y)), np.zeros(len(y)), []
    for halving in halvings:
        hits, there = _called(candidate, halving, images, len(y))
        right, called = right + hits, called + there
        rates.append([hits[there & (y == label)].mean() for label in (0, 1)])
    hits = np.divide(right, called, out=np.full(len(y), np.nan), where=called > 0)
    return Outcome(hits, float(np.std(rates, axis=0).mean()))


def _called(candidate: Candidate, halving: _Halving, images: Images, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Which images of the other half are called rightly, and which are called at all."""
    right, there = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    cuts = halving.cuts(candidate, images)
    for part, p, chosen, cut in zip(halving.parts, halving.scores(candidate), halving.half, cuts, strict=True):
        rows = part.rows[~chosen]
        right[rows], there[rows] = ((p >= cut) == part.y)[~chosen], True
    return right, there


def _own_cut(candidate: Candidate, part: _Part, p: np.ndarray, chosen: np.ndarray, images: Images) -> float:
    if candidate.rule == BATTERY:
        at, altered = part.battery[candidate.view]
        kept = chosen[at]
        return threshold(BATTERY, part.y[at][kept], altered[kept], np.empty(0))
    return threshold(candidate.rule, part.y[chosen], p[chosen], 2 * images.groups[part.rows[chosen]] + part.y[chosen])
