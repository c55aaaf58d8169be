"""The sample table made ready for filtering: coded once, so that a click on a million rows is a comparison of small integers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from core.config import Recipe
from core.datasets import Dataset
from core.datasets.labels import label
from core.datasets.splits import carve_validation
from core.errors import InputError

SPLITS = ("train", "val", "test")
FILMS = ("1 image", "2–4 images", "5 or more")  # of one patient
MOST_CARVED = 100_000  # beyond that the folds take minutes


@dataclass(frozen=True)
class Catalogue:
    """A data set's samples, coded.

    Attributes
    ----------
    table : DataFrame
        ``split, class_name, subtype, films`` as categories and ``patient`` as a number, one row a sample in the order of the data set.
    order : ndarray of shape (n_samples,), int
        Positions shuffled once, so that a page of a gallery is a fair draw.
    note : str
        Why no validation was carved out of train; empty if it was.
    """

    table: pd.DataFrame
    order: np.ndarray
    note: str


@st.cache_resource(max_entries=4, show_spinner="Splitting validation off train, by patient …")
def catalogue(digest: str, _dataset: Dataset) -> Catalogue:
    """Code the samples of a data set; once for each content, split and patients."""
    samples = _dataset.samples
    split, note = split_with_validation(samples)
    patient = pd.factorize(samples["patient_id"].fillna(samples["sample_id"]))[0]
    n_films = np.bincount(patient, minlength=1)[patient]
    table = pd.DataFrame(
        {
            "split": pd.Categorical(split, SPLITS),
            "class_name": pd.Categorical(samples["class_name"]),
            "subtype": pd.Categorical(samples["subtype"]),
            "films": pd.Categorical.from_codes(np.digitize(n_films, [2, 5]), FILMS),
            "patient": patient,
        }
    )
    return Catalogue(table, np.random.default_rng(0).permutation(len(table)), note)


def split_with_validation(samples: pd.DataFrame) -> tuple[pd.Series, str]:
    """``train``, ``val`` or ``test`` for each sample as a training with seed 0 would see it; as it lies, and why, if none can be carved."""
    if (samples["split"] == "val").any():
        return samples["split"], "Validation is the data set's own."
    if len(samples) > MOST_CARVED:
        note = f"Validation is split off train when a training starts; with more than {MOST_CARVED:,} images it is not shown here."
        return samples["split"], note
    try:
        return carve_validation(samples, Recipe.model_fields["validation_fraction"].default, seed=0), ""
    except InputError as error:
        return samples["split"], f"Validation cannot be split off train: {error}"


@st.cache_resource(max_entries=8, show_spinner=False)
def coded(digest: str, n_classes: int, _dataset: Dataset) -> tuple[tuple[str, ...], np.ndarray]:
    """Class names and class ids under a label scheme (`core.datasets.labels.label`); once for each content and ill class."""
    return label(_dataset.samples, n_classes, _dataset.positive)
