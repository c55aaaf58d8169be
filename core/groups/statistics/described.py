"""The measured facts by which groups are described, and how one says that a group has more or less of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.groups.by_appearance.stages import Stages
from core.groups.facts import as_float, aspect, images_of_patient, is_number, megapixels, number, user_columns, user_values
from core.groups.measured import sharpness, sharpness_at_hand
from core.groups.series import series

MOST_VALUES = 20
MORE_DIGITS = 2  # where two numbers would read alike
VISIBLE = ("brightness", "contrast", "sharpness", "border", "letters", "shape")  # what one sees when looking at the images of a group
WORDS = {  # by key: more of it, less of it, the number of the group and that of the others, decimals of both
    "brightness": ("brighter", "darker", "mean grey level {here}, {there}", 0),
    "contrast": ("more contrast", "less contrast", "grey levels scatter by {here}, by {there}", 0),
    "sharpness": ("sharper", "softer", "fine detail at {here} dB of coarse detail, {there} dB", 1),
    "border": ("more black border", "less black border", "{here} % of the rim is black, {there} %", 0),
    "letters": ("more letters", "fewer letters", "letter edges in {here} of 1,000 corner pixels, {there}", 1),
    "size": ("larger", "smaller", "{here} megapixels, {there}", 2),
    "shape": ("wider", "narrower", "{here} times as wide as high, {there} times", 2),
    "encoding": ("more bytes a pixel", "fewer bytes a pixel", "{here} bytes per pixel, {there}", 2),
    "patient_images": ("more images a patient", "fewer images a patient", "{here} images of the patient, {there}", 1),
}


@dataclass(frozen=True)
class Described:
    """A number by which groups are told apart.

    Attributes
    ----------
    key : str
        Of the fact that it is, so that groups by that fact are not described by it; or a column of the user's table.
    values : Series of shape (n_samples,), float
    """

    key: str
    values: pd.Series

    def words(self, more: bool) -> str:
        """``brighter`` or ``darker``."""
        more_of, less_of, _, _ = WORDS.get(self.key, (f"higher {self.key}", f"lower {self.key}", "", 0))
        return more_of if more else less_of

    def compared(self, here: float, there: float) -> str:
        """``mean grey level 98, 122``."""
        _, _, form, digits = WORDS.get(self.key, ("", "", "{here}, {there}", 2))
        for shown in range(digits, digits + MORE_DIGITS + 1):
            texts = [f"{value:.{shown}f}".replace("-", "−") for value in (here, there)]
            if texts[0] != texts[1]:
                break
        said = form.replace("{here}", texts[0]).replace("{there}", texts[1])
        return said if self.key in WORDS else f"{self.key} {said}"


def numbers(dataset: Dataset, stages: Stages | None = None, at_hand: bool = False) -> list[Described]:
    """All numbers known of the images, ours and then those of the user's table; `at_hand`: of those that no image is looked at for."""
    samples = dataset.samples
    unseen = at_hand and not sharpness_at_hand(dataset)
    ours = {
        "brightness": number(samples, "mean_intensity"),
        "contrast": number(samples, "std_intensity"),
        "sharpness": pd.Series(np.nan, samples.index) if unseen else sharpness(dataset, stages),
        "border": 100 * number(samples, "rim_black"),
        "letters": number(samples, "letters"),
        "size": megapixels(samples),
        "shape": aspect(samples),
        "encoding": number(samples, "n_bytes") / (1e6 * megapixels(samples)),
        "patient_images": images_of_patient(samples),
    }
    columns = {f"{column} (column)" if column in WORDS else column: user_values(dataset, column) for column in user_columns(dataset)}
    theirs = {column: pd.Series(as_float(values), samples.index) for column, values in columns.items() if is_number(values)}
    return [Described(key, values) for key, values in (ours | theirs).items() if values.notna().any()]


def texts(dataset: Dataset) -> dict[str, tuple[str, pd.Series]]:
    """By key, facts in words and what they are called: the file-name series, and columns of the user's table of few values."""
    found = {"series": ("files named", series(dataset.samples["sample_id"]))}
    for column in user_columns(dataset):
        values = user_values(dataset, column)
        if not is_number(values) and values.notna().any() and values.nunique() <= MOST_VALUES:
            found[column] = (column, values.astype("object").where(values.notna(), None))
    return found
