"""Whether groups of images that look alike give the class away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.audit.finding import Finding, Severity
from core.datasets.dataset import Dataset
from core.groups.by_appearance.at_hand import content_of, groups_at_hand
from core.groups.by_appearance.clusters import cluster
from core.groups.by_appearance.kept import any_kept
from core.groups.by_appearance.shipped import is_known, is_shipped
from core.groups.measured import standardised, table_looks
from core.groups.statistics.alone import group_auc
from core.groups.statistics.contingency import patient_codes
from core.groups.statistics.tie import TIED, tie
from core.metrics.statistics.intervals import Estimate, in_figures, with_interval

MEDIUM, HIGH = TIED, 0.6  # Cramér's V
QUICK_K, IMAGES_A_GROUP = 8, 10
QUICK_IMAGES = 5000  # that the quick groups are fitted on at most
FEWEST = 40  # images to judge, as for every other clue
EFFECT = (
    "A model that has learnt the look of a group, its machine, marker or exposure, needs no lungs: it scores well here and fails on images "
    "of a class that is rare in their group. A disease that changes the whole picture ties them too, so look at the films of each group."
)
ACTION = (
    "Look at the groups and their films, report every metric by group, worst first, and break the tie in training: balance by group and "
    "class, paint out borders and letters."
)
QUICK = (
    "The groups here rest on brightness, contrast, border and letters alone; python -m core groups DATA looks at the whole picture, and "
    "this finding then rests on that."
)
ASK = "python -m core groups DATA makes them where the images are at hand."


def look_gives_class(dataset: Dataset) -> Finding:
    """How far groups of images that look alike are tied to the class: bias-corrected Cramér's V, and AUC of the group alone.

    It fires where the lower end of the 95 % interval of V is at least 0.4 (*mind this*) or 0.6 (*serious*). The groups are those that
    `core.groups` made of these images before; else, since looking at all of them takes a minute, of the facts in their table.
    """
    codes, how = _groups(dataset)
    train = (dataset.samples["split"] != "test").to_numpy()
    if codes is None:
        return _unknown("Nothing is known of the look of these images.", int(train.sum()), ASK)
    if train.sum() < FEWEST:
        return _unknown(f"Fewer than {FEWEST} images are too few to judge by.", int(train.sum()))
    v, auc, names = _judge(dataset, codes, train)
    if not np.isfinite([v.value, v.low]).all():
        return _unknown("There are fewer than two groups, two classes or five patients.", v.n_samples)
    severity = _severity(v)
    tied = f"groups and classes are tied with Cramér's V {in_figures(v.value, '.2f')}"
    title = f"The look {'does not give' if severity == 'ok' else 'gives'} the class away: {tied}"
    evidence = (
        f"V {with_interval(v, 2)}, 0 is no tie and 1 a full one, n = {v.n_samples:,} images not of test; the group alone tells the class "
        f"of unseen patients with AUC {with_interval(auc, 2)}. {_extremes(dataset, codes, train, names)} {how}"
    )
    return Finding("look_gives_class", severity, title, v.value, v.n_samples, EFFECT, ACTION if severity != "ok" else "", evidence)


def _unknown(why: str, n_samples: int, action: str = "") -> Finding:
    return Finding("look_gives_class", "unknown", "Cannot tell whether the look gives the class away", None, n_samples, why, action)


def _state(dataset: Dataset) -> str:
    """What the finding rests on: it is looked for anew once groups are made."""
    known = None if is_shipped(dataset) else any_kept(content_of(dataset))
    return known.made_from["key"] if known else "shipped" if is_known(dataset) else ""


look_gives_class.state = _state  # type: ignore[attr-defined]  # most checks rest on the data set alone and have none


def _groups(dataset: Dataset) -> tuple[np.ndarray | None, str]:
    """The group of each image, and a sentence on what they are made from; None where there is nothing to tell."""
    if known := groups_at_hand(dataset):
        return known.codes, known.made_from
    facts = table_looks(dataset.samples)
    train = np.flatnonzero((dataset.samples["split"] == "train").to_numpy())
    if facts.empty or len(train) < 2:
        return None, ""
    points = standardised(facts, train)
    patients = patient_codes(dataset.samples["patient_id"], dataset.samples["sample_id"])
    k = max(2, min(QUICK_K, len(train) // IMAGES_A_GROUP))
    return cluster(points, train[:: 1 + len(train) // QUICK_IMAGES], patients, k).assign(points), QUICK


def _judge(dataset: Dataset, codes: np.ndarray, train: np.ndarray) -> tuple[Estimate, Estimate, tuple[str, ...]]:
    samples = dataset.samples[train]
    names = dataset.class_names
    y = pd.Categorical(samples["class_name"], categories=names).codes.astype(int)
    patients = patient_codes(samples["patient_id"], samples["sample_id"])
    parts = codes[train], y, patients, (int(codes.max()) + 1, len(names))
    return tie(*parts), group_auc(*parts), names


def _severity(v: Estimate) -> Severity:
    return "high" if v.low >= HIGH else "medium" if v.low >= MEDIUM else "ok"


def _extremes(dataset: Dataset, codes: np.ndarray, train: np.ndarray, names: tuple[str, ...]) -> str:
    """``Of 8 groups, one is 2.0 % NORMAL (n = 840) and another 83.4 % (n = 806).``"""
    first = (dataset.samples["class_name"] == names[0]).to_numpy()[train]
    groups = codes[train]
    sizes = np.bincount(groups)
    shares = np.bincount(groups, first) / np.maximum(sizes, 1)
    order = [group for group in np.argsort(shares) if sizes[group]]
    low, high = order[0], order[-1]
    return (
        f"Of {len(order)} groups, one is {100 * shares[low]:.1f} % {names[0]} (n = {sizes[low]:,}) "
        f"and another {100 * shares[high]:.1f} % (n = {sizes[high]:,})."
    )
