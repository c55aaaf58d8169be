"""How test differs from train: in the shares of the classes, and in pixels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.audit.measured.shortcut_auc import clue_auc
from core.datasets.dataset import Dataset

PIXEL_FACTS = ["mean_intensity", "std_intensity", "rim_mean", "rim_black"]
MOST_CLASSES = 4  # of which the differences are told


def class_shares(dataset: Dataset) -> dict:
    """Images in each part, and of the commonest training class its ``largest``, ``train`` and ``test`` share in [0, 1]."""
    samples = dataset.samples
    in_test = samples["split"] == "test"
    counts = {"n_samples": len(samples), "n_train": int((~in_test).sum()), "n_test": int(in_test.sum())}
    if in_test.all() or not in_test.any():
        return counts
    train, test = (samples.loc[part, "class_name"].value_counts(normalize=True) for part in (~in_test, in_test))
    largest = train.idxmax()
    return counts | {"largest": largest, "train": float(train[largest]), "test": float(test.get(largest, 0.0))}


def pixels_apart(dataset: Dataset) -> dict:
    """How well brightness, contrast and border alone tell train from test within a class: ``auc``, mean over the classes.

    Also ``n_judged`` and ``differences`` of the first classes, as in `_differences`; without them where nothing can be judged.
    """
    samples = dataset.samples
    judged = {name: found for name, part in samples.groupby("class_name") if (found := _told_apart(part))}
    if not judged:
        return {"n_samples": len(samples)}
    return {
        "n_samples": len(samples),
        "n_judged": sum(n for _, n in judged.values()),
        "auc": float(np.average([auc for auc, _ in judged.values()], weights=[n for _, n in judged.values()])),
        "n_classes": len(judged),
        "differences": [_difference(samples, name) for name in list(judged)[:MOST_CLASSES]],
    }


def _told_apart(part: pd.DataFrame) -> tuple[float, int] | None:
    side = (part["split"] == "test").map({True: "test", False: "train"})
    return clue_auc(part[PIXEL_FACTS], side, part["patient_id"])


def _difference(samples: pd.DataFrame, name: str) -> list[str | float]:
    """A class, its mean grey level in train and in test, and the standardised difference d (Cohen 1988)."""
    values = samples.loc[samples["class_name"] == name, "mean_intensity"].astype(float)
    test = samples.loc[values.index, "split"] == "test"
    spread = np.sqrt((values[test].var() + values[~test].var()) / 2)
    d = (values[test].mean() - values[~test].mean()) / spread if spread else 0.0
    return [name, float(values[~test].mean()), float(values[test].mean()), float(d)]
