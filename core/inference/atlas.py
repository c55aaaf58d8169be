"""Where a run looks on average: the mean of its maps over many films, by outcome and group, and how much of them lies beside the patient.

Films are aligned by the model's own input alone, never by their anatomy: a mean map is as sharp as the patients are alike in their framing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.pixel_store import pixel_store
from core.datasets.split_images import SplitImages
from core.errors import InputError
from core.inference.atlas_file import CORNER, METHOD, SIDE, Part, division_of, group_part, outcomes, save_atlas
from core.inference.ensemble import NO_MAP
from core.inference.maps import maps_of
from core.metrics.run_threshold import predict_labels, resolve_threshold
from core.metrics.subgroups.by_group import FEWEST
from core.parallel import Progress
from core.runs.run import Run
from core.saliency.checks.body import body_mask
from core.saliency.checks.similarity import coarse
from core.saliency.compiled_model import probe_of

if TYPE_CHECKING:
    import keras

DRAWS = 1000
ENOUGH = 100  # films, for a mean that a training makes unasked

__all__ = ["Part", "average_maps", "build_atlas", "save_atlas"]

Measured = tuple[np.ndarray, float, float]  # a coarse map, its share outside the body and in the corners


def build_atlas(
    run: Run,
    model: keras.Model,
    dataset: Dataset,
    split: str = "test",
    method: str = METHOD,
    progress: Progress | None = None,
    groups: pd.Series | None = None,
    decoding: Progress | None = None,
    pixels: np.ndarray | None = None,
) -> dict[str, Part]:
    """Average the maps of the class that a run calls, over the films that it has scored.

    Parameters
    ----------
    run : Run
        With predictions of the split; of an ensemble there is no map.
    model : keras.Model
    dataset : Dataset
        With the images of those predictions.
    split : {"val", "test"}
    method : str
        Key of a saliency method; Grad-CAM goes in batches.
    progress : callable of (int, int), optional
    groups : Series of int, optional
        By sample id, the number of its hidden group from 1; a film that is not there is in none.
    decoding : callable of (int, int), optional
        Of the images that are decoded before the first map, where that was not done before.
    pixels : ndarray of shape (n_samples, side, side), uint8, optional
        All images of the data set at the size of the run, where they are at hand; else they are found.

    Returns
    -------
    dict of str to Part
        ``true_normal, false_normal, true_pneumonia, false_pneumonia`` for those classes: whether the call is right, and the class called;
        then ``group_1`` and on, whatever is called, where there are groups.

    Raises
    ------
    InputError
        If the run is an ensemble or has no scores of the split, or images are not in the data set.
    """
    table = _films(run, dataset, split)
    if pixels is None:
        pixels = pixel_store(dataset, run.config.image_size, run.config.recipe.resize, decoding)
    scores = table[[f"p_{name}" for name in run.config.class_names]].to_numpy()
    called = predict_labels(scores, resolve_threshold(run, "recommended"))
    measured: list[Measured | None] = [None] * len(table)
    for done, (row, heatmap) in enumerate(maps_of(run, model, pixels, table["row"].to_numpy(), called, method), start=1):
        measured[row] = _measured(heatmap, pixels[table["row"].iloc[row]])
        if progress:
            progress(done, len(table))
    films = np.stack([coarse(np.asarray(pixels[row])) for row in table["row"]])
    kinds = 2 * called + (called != table["y_true"].to_numpy())  # in the order of the outcomes
    parts = {outcome: _part(measured, films, kinds == kind) for kind, outcome in enumerate(outcomes(run.config.class_names))}
    if groups is None:
        return parts
    numbers = groups.reindex(table["sample_id"]).fillna(0).to_numpy(int)
    division = division_of(groups)
    return parts | {group_part(number): _part(measured, films, numbers == number, division) for number in np.unique(numbers[numbers > 0])}


def average_maps(
    run: Run, model: keras.Model, images: SplitImages, progress: Progress, groups_of: Callable[[Dataset], pd.Series | None]
) -> None:
    """Keep the atlases of validation and test at the end of a training; what prevents it is said on standard error, for the run is whole.

    Made by Grad-CAM, where the films are many enough to be averaged; a model without spatial layers has no such map and gets none.

    Parameters
    ----------
    run : Run
        Scored, so that nothing is chosen by what the maps show of test.
    model : keras.Model
    images : SplitImages
        Those that it was trained and scored on.
    progress : callable of (int, int)
    groups_of : callable of Dataset
        The hidden groups of its images, as for `build_atlas`; None where there are none.
    """
    try:
        if run.predictions["split"].value_counts().max() >= ENOUGH:
            _make_atlases(run, model, images, progress, groups_of(images.dataset))
    except Exception as error:  # whatever it is, it must not lose the run
        reason = (str(error) or type(error).__name__).rstrip(". ")
        print(f"The maps were not averaged: {reason}. Later: python -m core atlas {run.name} --data DATA", file=sys.stderr)


def _make_atlases(run: Run, model: keras.Model, images: SplitImages, progress: Progress, groups: pd.Series | None) -> None:
    """Of validation and test, where the films are many enough to be averaged and the model has layers for Grad-CAM."""
    counts = run.predictions["split"].value_counts()
    for split in ("val", "test"):
        if counts.get(split, 0) >= ENOUGH and probe_of(model).layers:
            made = build_atlas(run, model, images.dataset, split, METHOD, progress, groups, pixels=images.pixels)
            save_atlas(run, made, split, METHOD)


def refuse_ensemble(run: Run) -> None:
    """Refuse a run that averages the answers of others: it has no map.

    Parameters
    ----------
    run : Run

    Raises
    ------
    InputError
        If it is one; the sentence names the members.
    """
    if run.config.members:
        raise InputError(f"{NO_MAP} Make the atlas of one of them: {', '.join(run.config.members)}")


def _films(run: Run, dataset: Dataset, split: str) -> pd.DataFrame:
    """The run's predictions of the split with the row of each film in the data set."""
    refuse_ensemble(run)
    table = run.predictions.query("split == @split").reset_index(drop=True)
    if table.empty:
        raise InputError(f"The run {run.name!r} has no scores of {split}; choose the other split, or finish the run first.")
    rows = pd.Index(dataset.samples["sample_id"]).get_indexer(table["sample_id"])
    if (rows < 0).any():
        raise InputError(f"{(rows < 0).sum():,} of {len(rows):,} images of {split} are not in these data; give the data of the run.")
    return table.assign(row=rows)


def _measured(heatmap: np.ndarray, grey: np.ndarray) -> Measured | None:
    """A map made coarse, its share outside the body and in the corners; None for an empty one."""
    total = float(heatmap.sum(dtype=float))
    if not total:
        return None
    side = len(heatmap) // CORNER
    ends = (slice(None, side), slice(-side, None))
    corners = sum(float(heatmap[rows, columns].sum(dtype=float)) for rows in ends for columns in ends)
    return coarse(heatmap), float(heatmap[~body_mask(grey)].sum(dtype=float)) / total, corners / total


def _part(measured: list[Measured | None], films: np.ndarray, chosen: np.ndarray, division: str = "") -> Part:
    """What is averaged of the films of a mask of shape (n_films,); no mean film of a few, which would be nearly one patient's picture."""
    kept = [one for row in np.flatnonzero(chosen) if (one := measured[row]) is not None]
    mean = np.mean([one[0] for one in kept], axis=0) if kept else np.zeros((SIDE, SIDE))
    film = np.rint(films[chosen].mean(axis=0)).astype(np.uint8) if chosen.sum() >= FEWEST else None
    outside, corners = (_interval(np.array([one[place] for one in kept])) for place in (1, 2))
    return Part(len(kept), int(chosen.sum()) - len(kept), np.asarray(mean, np.float32), outside, corners, film, division)


def _interval(values: np.ndarray) -> tuple[float, float, float]:
    """The mean with its 95 % percentile interval over films (Efron 1979)."""
    if not len(values):
        return np.nan, np.nan, np.nan
    rng = np.random.default_rng(0)
    means = [rng.choice(values, len(values)).mean() for _ in range(DRAWS)]
    low, high = np.percentile(means, (2.5, 97.5))
    return float(values.mean()), float(low), float(high)
