"""Test unlike train: other shares of the classes, other pixels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.audit.finding import Finding
from core.audit.shortcut_auc import clue_auc, rate
from core.datasets.dataset import Dataset

PIXEL_FACTS = ["mean_intensity", "std_intensity", "rim_mean", "rim_black"]
NO_TEST = (
    "No train and test to compare",
    "Without both, nothing tells how a model does on images that it was neither trained nor chosen on.",
)


def split_shift(dataset: Dataset) -> Finding:
    """How much commoner the commonest training class is in train than in test, in percentage points."""
    samples = dataset.samples
    in_test = samples["split"] == "test"
    if in_test.all() or not in_test.any():
        return Finding("split_shift", "unknown", NO_TEST[0], None, len(samples), NO_TEST[1], "Add a train and a test folder.")
    train, test = (samples.loc[part, "class_name"].value_counts(normalize=True) for part in (~in_test, in_test))
    largest = train.idxmax()
    shift = 100 * float(train[largest] - test.get(largest, 0.0))
    return Finding(
        "split_shift",
        "medium" if abs(shift) >= 5 else "ok",
        f"{largest} is {100 * train[largest]:.1f} % of train and {100 * test.get(largest, 0.0):.1f} % of test",
        shift,
        len(samples),
        "A model that learns the training share expects that class as often in test, so its errors become one-sided and accuracy at a "
        "threshold of 0.5 says little.",
        "Look at both error rates and at calibration, and set the threshold for the share of ill patients that you expect.",
        f"{shift:+.1f} percentage points; train n = {int((~in_test).sum()):,}, test n = {int(in_test.sum()):,}.",
    )


def pixel_shift(dataset: Dataset) -> Finding:
    """How well brightness, contrast and border alone tell train from test within a class, mean over the classes."""
    samples = dataset.samples
    judged = {name: found for name, part in samples.groupby("class_name") if (found := _told_apart(part))}
    if not judged:
        why = "Too few images of one class in both train and test, or no pixel statistics."
        return Finding("pixel_shift", "unknown", "Cannot tell whether test images look different", None, len(samples), why)
    n = sum(n for _, n in judged.values())
    auc = float(np.average([auc for auc, _ in judged.values()], weights=[n for _, n in judged.values()]))
    return Finding(
        "pixel_shift",
        rate(auc),
        f"Brightness and border alone separate train from test (AUC {auc:.3f})",
        auc,
        n,
        "Images of one class look different in test, so a threshold chosen on validation does not carry over and validation scores are too "
        "optimistic.",
        "Vary brightness and contrast in training, and expect a lower score wherever images come from elsewhere.",
        f"{_differences(samples, list(judged))} An AUC of 0.5 would mean that they look the same.",
    )


def _told_apart(part: pd.DataFrame) -> tuple[float, int] | None:
    side = (part["split"] == "test").map({True: "test", False: "train"})
    return clue_auc(part[PIXEL_FACTS], side, part["patient_id"])


def _differences(samples: pd.DataFrame, class_names: list[str], most: int = 4) -> str:
    """Mean brightness by class, and the standardised difference d (Cohen 1988)."""
    parts = []
    for name in class_names[:most]:
        values = samples.loc[samples["class_name"] == name, "mean_intensity"].astype(float)
        test = samples.loc[values.index, "split"] == "test"
        spread = np.sqrt((values[test].var() + values[~test].var()) / 2)
        d = (values[test].mean() - values[~test].mean()) / spread if spread else 0.0
        parts.append(f"{name} {values[~test].mean():.0f} in train, {values[test].mean():.0f} in test (d = {d:+.2f})")
    more = f", and {len(class_names) - most} more classes" if len(class_names) > most else ""
    return f"Mean grey level: {'; '.join(parts)}{more}."
