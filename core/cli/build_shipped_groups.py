"""Make the groups that ship with the index from a copy of the set: ``python -m core.cli.build_shipped_groups DATA [--check]``.

``--check`` writes nothing and says how many images the shipped groups put elsewhere than groups made here.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from core.cli.output import progress_bar
from core.datasets import open_dataset
from core.datasets.dataset import Dataset
from core.datasets.sources.shipped import open_shipped
from core.errors import InputError
from core.groups.by_appearance.appearance import grouped
from core.groups.by_appearance.at_hand import fitted_rows
from core.groups.by_appearance.kept import BACKBONE, made_from
from core.groups.by_appearance.look import kind_at_hand, look
from core.groups.by_appearance.shipped import MEDOID, SHARPNESS, K, shipped_codes, write_shipped
from core.groups.grouping import FEWEST_K, MOST_K
from core.groups.measured import measured_sharpness


def build(dataset: Dataset) -> tuple[pd.DataFrame, int, float]:
    """The groups of every number from 2 to 20, their medoids, and the sharpness of each image.

    Parameters
    ----------
    dataset : Dataset
        With pixels, its names those of the shipped index.

    Returns
    -------
    table : DataFrame
        ``sample_id, sharpness, k2, medoid2, …, k20, medoid20``.
    best : int
        The number that comes back best among other patients.
    stability : float

    Raises
    ------
    InputError
        If the weights of the backbone are not at hand.
    """
    kind, key = kind_at_hand(dataset)
    if kind != BACKBONE:
        raise InputError("The groups that ship are made with MobileNetV2; set PNEUMOLENS_WEIGHTS to the folder of its weights.")
    points = look(dataset, kind, fitted_rows(dataset.samples["split"].to_numpy())[0], progress_bar).points
    columns = {"sample_id": dataset.samples["sample_id"], SHARPNESS: measured_sharpness(dataset, progress_bar).astype(np.float32).round(2)}
    for k in range(FEWEST_K, MOST_K + 1):
        found = grouped(dataset, points, k, made_from(dataset.digest, kind, key, k))
        columns |= {f"{K}{k}": found.codes.astype(np.uint8), f"{MEDOID}{k}": found.ranks}
    best = grouped(dataset, points, None, made_from(dataset.digest, kind, key, None), progress_bar)
    return pd.DataFrame(columns), best.k, best.stability


def n_elsewhere(table: pd.DataFrame, k: int) -> int:
    """Images that the shipped groups put elsewhere: those off the best pairing of both groupings."""
    from scipy.optimize import linear_sum_assignment

    index = open_shipped()
    ours = pd.Series(shipped_codes(index, k)[0], index.samples["sample_id"]).reindex(table["sample_id"]).to_numpy()
    both = pd.crosstab(ours, table[f"{K}{k}"].to_numpy()).to_numpy()
    rows, columns = linear_sum_assignment(-both)
    return int(both.sum() - both[rows, columns].sum())


if __name__ == "__main__":
    made, best, stability = build(open_dataset(sys.argv[1], progress_bar("indexing")))
    if "--check" in sys.argv:
        print(", ".join(f"{k} groups: {n_elsewhere(made, k):,} elsewhere" for k in range(FEWEST_K, MOST_K + 1)), f"of {len(made):,} images")
    else:
        write_shipped(made, best, stability)
        print(f"{len(made):,} images, {best} groups (adjusted Rand index {stability:.2f})")
