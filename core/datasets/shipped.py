"""The shipped index: the sample table of the real set without pixels, so that the Data page is real before any download."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.table import COLUMNS

INDEX = Path(__file__).parent / "shipped" / "kermany.parquet"
PHANTOMS = Path(__file__).parent / "shipped" / "phantoms"
TITLE = "Kermany chest X-rays (shipped index)"


def open_shipped() -> Dataset:
    """Open the index of all 5,840 train and test images of the Kermany set (CC BY 4.0, doi 10.17632/rscbjbr9sj).

    Sizes and JPEG facts are those of the published originals, known for 1,566 training images and missing for the others;
    intensities and hashes are those of 224-pixel copies.
    """
    samples = pd.read_parquet(INDEX)
    samples["path"] = pd.NA
    return Dataset(TITLE, None, samples[list(COLUMNS)], pd.DataFrame(columns=["path", "reason"]), None)


def phantom_samples() -> list[Path]:
    """The shipped synthetic radiographs, for trying the Inspect page before any download."""
    return sorted(PHANTOMS.rglob("*.jpeg"))
