"""Measures of every candidate with intervals by patient, and what the plan decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.errors import InputError
from core.groups import groups_at_hand
from core.metrics.statistics.bootstrap import cluster_weights
from core.metrics.statistics.clusters import patients_of
from core.studies.threshold_rules.candidates import CANDIDATES, PRESENT, Candidate
from core.studies.threshold_rules.elsewhere import LeftOut, left_out
from core.studies.threshold_rules.evidence import FOLD
from core.studies.threshold_rules.halves import N_HALVINGS, Images, Outcome, outcomes

MOST_WEIGHT, FEWEST_IN_CELL, FEWEST_SYSTEMS, N_FOLDS = 5.0, 20, 3, 5
OURS = ("lens_mobilenet", "lens_scratch")
STEADY = 1.25


@dataclass(frozen=True, eq=False)
class Study:
    """The candidates side by side.

    Attributes
    ----------
    table : DataFrame
        One row a candidate, best first: ``rule, view``, the means over the systems of ``M, W, S, D`` and ``U``, the 95 % interval
        ``low, high`` of the difference in U to the first, and ``as_good``, whether that includes 0. All in [0, 1].
    by_system : DataFrame
        The same measures by ``system``.
    decided : Candidate
    why : str
    """

    table: pd.DataFrame
    by_system: pd.DataFrame
    decided: Candidate
    why: str


def study(evidence: pd.DataFrame, dataset: Dataset, n_halvings: int = N_HALVINGS, seed: int = 0) -> Study:
    """Weigh every rule with every view by the plan.

    Parameters
    ----------
    evidence : DataFrame
        From `core.studies.threshold_rules.gather`.
    dataset : Dataset
        The images, or the index of them; gives patients and the appearance groups, which must be at hand.
    n_halvings : int
    seed : int
        Of the bootstraps.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        If there are no groups at hand, or the evidence names images that the data set lacks.
    """
    images = _images(evidence, dataset)
    rows, draws = [], []
    for system, table in evidence.groupby("system", observed=True):
        y, found = outcomes(table, images, n_halvings)
        elsewhere = left_out(table, images)
        for candidate in CANDIDATES:
            measured, drawn = _measured(found[candidate], y, [(one, one.right[candidate]) for one in elsewhere], images, seed)
            rows.append({"system": system, "rule": candidate.rule, "view": candidate.view} | measured)
            draws.append(drawn)
    by_system = pd.DataFrame(rows)
    drawn = np.reshape(draws, (-1, len(CANDIDATES), len(draws[0]))).mean(axis=0)
    table = _ranked(by_system, drawn)
    return Study(table, by_system, *_decided(table, _lacks(evidence)))


def _images(evidence: pd.DataFrame, dataset: Dataset) -> Images:
    samples, grouping = dataset.samples, groups_at_hand(dataset)
    if grouping is None:
        raise InputError("The images have no appearance groups yet; make them first: python -m core groups DATA")
    split = samples["split"].to_numpy()
    share = {
        part: np.bincount(grouping.codes[split == part], minlength=grouping.k) / max((split == part).sum(), 1) for part in ("train", "test")
    }
    mix = np.minimum(np.divide(share["test"], share["train"], out=np.ones(grouping.k), where=share["train"] > 0), MOST_WEIGHT)
    train = np.flatnonzero(split == "train")
    ids = pd.Index(samples["sample_id"].to_numpy()[train])
    if unknown := set(evidence["sample_id"].unique()) - set(ids):
        raise InputError(f"The evidence names images that {dataset.title!r} does not train on, such as {min(unknown)!r}.")
    groups = grouping.codes[train]
    return Images(ids, patients_of(pd.Series(ids), dataset.facts), groups, mix[groups])


def _measured(
    outcome: Outcome, y: np.ndarray, elsewhere: list[tuple[LeftOut, np.ndarray]], images: Images, seed: int
) -> tuple[dict, np.ndarray]:
    """The measures of one candidate for one system, and U in each bootstrap draw."""
    once = np.ones((1, len(y)))
    values = _values(once, outcome.hits, y, elsewhere, images)
    draws = cluster_weights(images.patients, seed=seed)
    drawn = np.concatenate([np.nanmean(_values(w, outcome.hits, y, elsewhere, images), axis=0) for w in draws])
    (m,), (w,), (s,) = values
    return {"M": m, "W": w, "S": s, "D": outcome.steadiness, "U": float(np.nanmean([m, w, s]))}, drawn


def _values(
    weights: np.ndarray, hits: np.ndarray, y: np.ndarray, elsewhere: list[tuple[LeftOut, np.ndarray]], images: Images
) -> np.ndarray:
    """M, W and S under bootstrap weights of shape (n_draws, n): ndarray of shape (3, n_draws); NaN for what is not there."""
    known = np.isfinite(hits)
    rates = [_rate(weights * images.mix, hits, known & (y == label)) for label in (0, 1)]
    cells = [known & (images.groups == group) & (y == label) for group in range(images.groups.max() + 1) for label in (0, 1)]
    worst = np.min([_rate(weights, hits, cell) for cell in cells if cell.sum() >= FEWEST_IN_CELL], axis=0)
    there = [[_rate(weights[:, one.rows], right, one.y == label) for label in (0, 1)] for one, right in elsewhere]
    other = np.mean(there, axis=(0, 1)) if there else np.full(len(weights), np.nan)
    return np.stack([np.mean(rates, axis=0), worst, other])


def _rate(weights: np.ndarray, hits: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    part = weights[:, chosen]
    total = part.sum(axis=1)
    return np.divide(part @ hits[chosen].astype(float), total, out=np.ones(len(part)), where=total > 0)


def _ranked(by_system: pd.DataFrame, drawn: np.ndarray) -> pd.DataFrame:
    """`drawn`: U of each candidate, in their order, in each draw, averaged over the systems."""
    means = by_system.groupby(["rule", "view"])[list("MWSDU")].mean()
    table = means.loc[[(candidate.rule, candidate.view) for candidate in CANDIDATES]].reset_index()
    leader = int(table["U"].idxmax())
    low, high = np.quantile(drawn - drawn[leader], [0.025, 0.975], axis=1)
    table = table.assign(looks=[candidate.n_looks for candidate in CANDIDATES], low=low, high=high, as_good=high >= 0)
    return table.sort_values("U", ascending=False, kind="stable").reset_index(drop=True)


def _lacks(evidence: pd.DataFrame) -> str:
    """What the plan asks for and the evidence does not hold; empty if it is enough."""
    parts = evidence.groupby("system", observed=True)["part"].unique()
    whole = [system for system, names in parts.items() if sum(str(name).startswith(FOLD) for name in names) >= N_FOLDS]
    if len(whole) < FEWEST_SYSTEMS or set(OURS) - set(whole):
        return f"all folds are there of {', '.join(whole) or 'no system'} alone"
    lacking = [system for system in OURS if all(str(name).startswith(FOLD) for name in parts[system])]
    return f"no series was left out for {', '.join(lacking)}" if lacking else ""


def _decided(table: pd.DataFrame, lacks: str) -> tuple[Candidate, str]:
    if lacks:
        return PRESENT, f"Nothing moves: the plan needs more evidence, for {lacks}."
    good = table[table["as_good"]]
    steady = good[good["D"] <= STEADY * good["D"].min()]
    if ((steady["rule"] == PRESENT.rule) & (steady["view"] == PRESENT.view)).any():
        return PRESENT, "The present rule and view stay: none is better beyond chance, and none as good is much steadier."
    first = steady.sort_values(["looks", "U"], ascending=[True, False]).iloc[0]
    return Candidate(first["rule"], first["view"]), (
        f"{first['rule']} with view {first['view']}: as good as the leader, within {STEADY} times the steadiest, with the fewest looks."
    )
