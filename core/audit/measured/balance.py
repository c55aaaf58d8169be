"""How many images of each class there are to train on."""

from __future__ import annotations

from core.datasets.dataset import Dataset


def training_counts(dataset: Dataset) -> dict:
    """``counts``: images of each class in train and validation, the most first."""
    counts = dataset.samples.loc[dataset.samples["split"] != "test", "class_name"].value_counts()
    return {"counts": {str(name): int(n) for name, n in counts.items()}}
