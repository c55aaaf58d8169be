"""How far groups of images that look alike are tied to the class."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.groups.by_appearance.at_hand import content_of, kept_at_hand
from core.groups.by_appearance.clusters import cluster
from core.groups.by_appearance.kept import any_kept
from core.groups.by_appearance.shipped import is_known, is_shipped
from core.groups.measured import standardised, table_looks
from core.groups.statistics.alone import group_auc
from core.groups.statistics.contingency import patient_codes
from core.groups.statistics.tie import tie
from core.metrics.statistics.intervals import Estimate

QUICK_K, IMAGES_A_GROUP = 8, 10
QUICK_IMAGES = 5000  # that the quick groups are fitted on at most
FEWEST = 40  # images to judge, as for every other clue
QUICK = "quick"  # what such groups are made from


def look_and_class(dataset: Dataset) -> dict:
    """``n_train``, what the groups are made ``from``, Cramér's ``v``, ``auc`` of the group alone, and the groups at both ends.

    The first two alone where there are no groups or fewer than `FEWEST` images to judge. The groups are those that `core.groups` made of
    these images before; else, since looking at all of them takes a minute, of the facts in their table.
    """
    codes, made_from = _groups(dataset)
    train = (dataset.samples["split"] != "test").to_numpy()
    facts = {"n_train": int(train.sum()), "from": made_from}
    if codes is None or train.sum() < FEWEST:
        return facts
    v, auc, names = _judge(dataset, codes, train)
    return facts | {"v": astuple(v), "auc": astuple(auc)} | _extremes(dataset, codes, train, names)


def state(dataset: Dataset) -> str:
    """What the facts rest on besides the data set: they are measured anew once groups are made."""
    known = None if is_shipped(dataset) else any_kept(content_of(dataset))
    return known.made_from["key"] if known else "shipped" if is_known(dataset) else ""


def _groups(dataset: Dataset) -> tuple[np.ndarray | None, str]:
    """The group of each image, and what they are made from; None where there is nothing to tell."""
    if known := kept_at_hand(dataset):
        return known.codes, known.look
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


def _extremes(dataset: Dataset, codes: np.ndarray, train: np.ndarray, names: tuple[str, ...]) -> dict:
    """How many groups there are; of those with the smallest and the largest share of the first class, share and number of images."""
    first = (dataset.samples["class_name"] == names[0]).to_numpy()[train]
    groups = codes[train]
    sizes = np.bincount(groups)
    shares = np.bincount(groups, first) / np.maximum(sizes, 1)
    order = [group for group in np.argsort(shares) if sizes[group]]
    ends = [[float(shares[group]), int(sizes[group])] for group in (order[0], order[-1])]
    return {"n_groups": len(order), "class_name": names[0], "ends": ends}
