"""Class balance: counts by split, images against patients, with the validation carve-out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.config import Recipe
from core.datasets import Dataset
from core.datasets.labels import label
from core.datasets.splits import carve_validation
from core.errors import InputError
from dashboard.components.formats import imbalance, share

SPLITS = ("train", "val", "test")


def split_with_validation(dataset: Dataset) -> pd.Series:
    """``train``, ``val`` or ``test`` for each sample as a training with seed 0 would see it; as it lies, if none can be carved."""
    try:
        return _carve(dataset.fingerprint, dataset)
    except InputError as error:
        st.caption(f"No validation can be carved out: {error}")
        return dataset.samples["split"].astype("str")


@st.cache_data(max_entries=8, show_spinner="Carving validation out of train, patient by patient …")
def _carve(fingerprint: str, _dataset: Dataset) -> pd.Series:
    return carve_validation(_dataset.samples, Recipe.model_fields["validation_fraction"].default, seed=0)


def tree_counts(samples: pd.DataFrame, split: pd.Series, n_classes: int) -> pd.DataFrame:
    """Number of images ``n`` by split and class; with three classes by sub-type also. Splits in the order of use."""
    levels = ["split", "class_name"] + (["subtype"] if n_classes == 3 else [])
    table = samples.assign(split=pd.Categorical(split, SPLITS))
    counts = table.groupby(levels, observed=True).size().rename("n").reset_index()
    return counts.astype({"split": "str"})


def class_counts(dataset: Dataset, split: pd.Series, n_classes: int) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Images and patients of each class in each split.

    Returns
    -------
    counts : DataFrame
        ``split, label, images, patients``. A patient with two kinds of images counts once in each.
    class_names : tuple of str
    """
    class_names, y = label(dataset.samples, n_classes)
    table = dataset.samples.assign(split=pd.Categorical(split, SPLITS), label=pd.Categorical.from_codes(y, class_names))
    groups = table.groupby(["split", "label"], observed=False)["patient_id"]
    counts = pd.DataFrame({"images": groups.size(), "patients": groups.nunique()}).reset_index().astype({"split": "str", "label": "str"})
    present = counts.groupby("split")["images"].transform("sum") > 0
    return counts[present].reset_index(drop=True), class_names


def counts_text(counts: pd.DataFrame, class_names: tuple[str, ...]) -> pd.DataFrame:
    """The same table for reading: one row for each split and unit, with shares and the imbalance ratio."""
    rows = []
    for split in [name for name in SPLITS if name in set(counts["split"])]:
        part = counts[counts["split"] == split].set_index("label")
        for unit in ("images", "patients"):
            numbers = [int(part.loc[name, unit]) for name in class_names]
            row = {"Split": split, "Unit": unit, "Total": sum(numbers), "Imbalance": imbalance(numbers)}
            rows.append(row | {name: share(n, sum(numbers)) for name, n in zip(class_names, numbers, strict=True)})
    return pd.DataFrame(rows)[["Split", "Unit", *class_names, "Total", "Imbalance"]]
