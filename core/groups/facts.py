"""Facts of images that anyone may group them by, and what each is called. One line here adds a fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.groups.by_appearance.shipped import is_known
from core.groups.by_appearance.stages import Stages
from core.groups.measured import sharpness
from core.groups.series import series

NAMING_CHECKS = {  # checks of the audit that name images, and what such an image is
    "exact_duplicates": "a byte-identical copy",
    "near_duplicates": "almost a copy",
    "odd_files": "an odd file",
    "patients_across_splits": "a patient number in train and test",
}
FEW_SIZES = 8


@dataclass(frozen=True)
class Fact:
    """A fact of images.

    Attributes
    ----------
    key : str
        As ``--by`` names it.
    title : str
        What a person calls it, with its unit.
    values : callable of (Dataset, Stages)
        Gives a Series of shape (n_samples,): numbers, or text.
    note : str
        What a reader must know of groups by it.
    column : str
        Of the sample table that it is read from; empty if it may be known without.
    """

    key: str
    title: str
    values: Callable[[Dataset, Stages | None], pd.Series]
    note: str = ""
    column: str = ""


def number(samples: pd.DataFrame, column: str) -> pd.Series:
    """A column of the sample table as float, NaN where it is missing."""
    return samples[column].astype("Float64").astype(float)


def images_of_patient(samples: pd.DataFrame) -> pd.Series:
    """How many images of the data set show the patient of each; missing where that is not known."""
    return samples.groupby("patient_id")["sample_id"].transform("size").astype(float).where(samples["patient_id"].notna())


def megapixels(samples: pd.DataFrame) -> pd.Series:
    """Width times height in millions of pixels."""
    return number(samples, "width") * number(samples, "height") / 1e6


def aspect(samples: pd.DataFrame) -> pd.Series:
    """Width over height."""
    return number(samples, "width") / number(samples, "height")


def _of(column: str) -> Callable[[Dataset, Stages | None], pd.Series]:
    return lambda dataset, stages: number(dataset.samples, column)


def _size(dataset: Dataset, stages: Stages | None) -> pd.Series:
    """``1024 × 768`` where there are few sizes; else megapixels."""
    samples = dataset.samples
    text = (samples["width"].astype("Int64").astype("str") + " × " + samples["height"].astype("Int64").astype("str")).where(
        samples["width"].notna() & samples["height"].notna()
    )
    return text if text.nunique() <= FEW_SIZES else megapixels(samples)


def _finding(dataset: Dataset, stages: Stages | None) -> pd.Series:
    """The first check of the audit that names each image, in words."""
    from core.audit import CHECKS, kept  # the audit looks at groups itself

    found = pd.Series("nothing found", dataset.samples["sample_id"].to_numpy(), dtype="object")
    checks = {check.id: check for check in CHECKS}
    for id_, words in reversed(NAMING_CHECKS.items()):
        found[found.index.isin(kept(checks[id_], dataset).sample_ids)] = words
    return found.set_axis(dataset.samples.index)


FACTS = (
    Fact("series", "File-name series", lambda dataset, stages: series(dataset.samples["sample_id"])),
    Fact("subtype", "Sub-type", lambda dataset, stages: dataset.samples["subtype"], "A sub-type is part of one class.", "subtype"),
    Fact("patient_images", "Images of the patient", lambda dataset, stages: images_of_patient(dataset.samples), column="patient_id"),
    Fact("size", "Size (pixels, or megapixels)", _size, column="width"),
    Fact("shape", "Shape (width over height)", lambda dataset, stages: aspect(dataset.samples), column="width"),
    Fact("sharpness", "Sharpness (fine against coarse detail, dB)", sharpness),
    Fact("brightness", "Brightness (mean grey level)", _of("mean_intensity"), column="mean_intensity"),
    Fact("contrast", "Contrast (standard deviation of grey levels)", _of("std_intensity"), column="std_intensity"),
    Fact("border", "Black border (share of the rim)", _of("rim_black"), column="rim_black"),
    Fact("letters", "Letters in the corners (edges per thousand pixels)", _of("letters"), column="letters"),
    Fact("encoding", "JPEG quantisation (sum of the table)", _of("quantisation_sum"), column="quantisation_sum"),
    Fact("finding", "Audit finding", _finding),
)
BY_KEY = {fact.key: fact for fact in FACTS}


def known_facts(dataset: Dataset) -> list[Fact]:
    """The facts that are known of at least one image.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    list of Fact
    """
    unknown = {"sharpness"} if not dataset.has_pixels and not is_known(dataset) else set()
    return [fact for fact in FACTS if fact.key not in unknown and not (fact.column and dataset.samples[fact.column].isna().all())]


def user_columns(dataset: Dataset) -> list[str]:
    """Columns that the user's table states besides ours.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    list of str
    """
    return [] if dataset.extra is None else [column for column in dataset.extra.columns if column != "sample_id"]


def user_values(dataset: Dataset, column: str) -> pd.Series:
    """A column of the user's table, by the index of the sample table.

    Parameters
    ----------
    dataset : Dataset
    column : str

    Returns
    -------
    Series

    Raises
    ------
    KeyError
        Where there is none of that name.
    """
    if dataset.extra is None:
        raise KeyError(column)
    by_id = dataset.extra.drop_duplicates("sample_id").set_index("sample_id")[column]
    return pd.Series(by_id.reindex(dataset.samples["sample_id"]).to_numpy(), dataset.samples.index, name=column)


def is_number(values: pd.Series) -> bool:
    """Whether values are numbers, and not yes and no."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def as_float(values: pd.Series) -> np.ndarray:
    """Numbers as float, NaN where one is missing or endless."""
    found = pd.to_numeric(values, errors="coerce").astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(found), found, np.nan)
