"""The shipped index: the sample table of the real set without pixels, so that the Data page is real before any download."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.sample_table import COLUMNS

INDEX = Path(__file__).parents[1] / "shipped" / "kermany.parquet"
PHANTOMS = Path(__file__).parents[1] / "shipped" / "phantoms"
EXAMPLE = Path(__file__).parents[1] / "shipped" / "example"
TITLE = "Kermany chest X-rays (shipped index)"


def open_shipped() -> Dataset:
    """Open the index of all 5,840 train and test images of the Kermany set (CC BY 4.0, doi 10.17632/rscbjbr9sj).

    Sizes and JPEG facts are those of the published originals, known for 1,566 training images and missing for the others;
    intensities and hashes are those of 224-pixel copies.

    Returns
    -------
    Dataset
    """
    samples = pd.read_parquet(INDEX)
    samples["path"] = pd.NA
    return Dataset(TITLE, None, samples[list(COLUMNS)], pd.DataFrame(columns=["path", "reason"]), None)


@cache
def kermany_ids() -> frozenset[str]:
    """The sample ids of the Kermany set, by which another copy of it is known.

    Returns
    -------
    frozenset of str
    """
    return frozenset(open_shipped().samples["sample_id"])


def example() -> tuple[Path, Path]:
    """The film that the Inspect page opens with, a phantom of 224 pixels, and the mask of its opacity.

    Of 2,000 phantoms with a lobar opacity (`radiograph`, seeds ``[77, 0]`` to ``[77, 1999]``) the shipped run
    lens-mobilenet-20261121-133259-21f5d5 calls 55 PNEUMONIA at 0.5, and its Grad-CAM peaks in the opacity of 20. This one (``[77, 1093]``)
    is that of those which it calls so in every flip and shift on which the map meets the opacity best (overlap 0.47).

    Returns
    -------
    tuple of (Path, Path)
    """
    return EXAMPLE / "film.jpeg", EXAMPLE / "opacity.png"


def true_opacity(phantom: Path) -> Path | None:
    """The mask of a shipped phantom; None for one without an opacity.

    Parameters
    ----------
    phantom : Path

    Returns
    -------
    Path or None
    """
    mask = (PHANTOMS / "masks" / phantom.relative_to(PHANTOMS)).with_suffix(".png")
    return mask if mask.is_file() else None


def phantom_samples() -> list[Path]:
    """The shipped synthetic radiographs, for trying the Inspect page before any download.

    Returns
    -------
    list of Path
    """
    return sorted(PHANTOMS.rglob("*.jpeg"))
