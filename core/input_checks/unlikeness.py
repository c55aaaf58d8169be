"""How unlike a run's training films each of its test films is, measured once and kept beside it: an out-of-distribution score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.split_images import SplitImages
from core.errors import InputError
from core.files import replacing
from core.input_checks.feature_distance import features
from core.input_checks.measure import split_of
from core.input_checks.out_of_distribution import Reference
from core.parallel import Progress
from core.runs.reading import table_of
from core.runs.run import UNLIKENESS, Run
from core.runs.store import open_run

if TYPE_CHECKING:
    import keras

COLUMN = "unlikeness"


def save_unlikeness(
    run: Run,
    model: keras.Model,
    reference: Reference,
    dataset: Dataset,
    images: SplitImages | None = None,
    progress: Progress | None = None,
) -> int:
    """Write ``unlikeness.parquet``: ``sample_id, unlikeness`` of each test film that the run scored and the data set has.

    Parameters
    ----------
    run : Run
        With predictions.
    model : keras.Model
        The run's model.
    reference : Reference
        Of its training films; `Reference.unlikeness` gives the numbers.
    dataset : Dataset
        With pixels.
    images : SplitImages, optional
        The same data set as the run's training had it.
    progress : callable of (int, int), optional

    Returns
    -------
    int
        How many films; with none, nothing is written.
    """
    wanted = run.predictions.loc[run.predictions["split"] == "test", "sample_id"]
    rows = np.flatnonzero(dataset.samples["sample_id"].isin(wanted).to_numpy())
    if not len(rows):
        return 0
    images = images or SplitImages.of(run.config, dataset, split_of(run, dataset))
    pixels = images.pixels[rows]
    found = reference.unlikeness(pixels, features(model, pixels, progress)[1]).astype(np.float32)
    table = pd.DataFrame({"sample_id": dataset.samples["sample_id"].to_numpy()[rows], COLUMN: found})
    with replacing(run.path / UNLIKENESS) as temporary:
        table.to_parquet(temporary, index=False, compression="zstd", compression_level=12)
    return len(rows)


def unlikeness_of(run: Run) -> pd.Series | None:
    """By sample id, how unlike a run's training films its test films are; of an ensemble the mean over its members.

    Parameters
    ----------
    run : Run

    Returns
    -------
    Series of float32, or None
        1 at the limit of a warning; None where it was never measured.

    Raises
    ------
    InputError
        If the file is broken, or a member of an ensemble is gone.
    """
    if run.config.members:
        parts = [unlikeness_of(open_run(name, run.path.parent)) for name in run.config.members]
        known = [part for part in parts if part is not None]
        return pd.concat(known, axis=1).mean(axis=1, skipna=False) if len(known) == len(parts) else None
    if not (run.path / UNLIKENESS).exists():
        return None
    table = table_of(run.path, UNLIKENESS, ("sample_id", COLUMN))
    found = pd.to_numeric(table[COLUMN], errors="coerce").to_numpy(dtype=np.float64)
    if not np.isfinite(found).all() or table["sample_id"].duplicated().any():
        raise InputError(f"The run {run.name!r} has a broken {UNLIKENESS}; make it again: python -m core reference {run.name}")
    return pd.Series(found, table["sample_id"].astype(str).to_numpy())
