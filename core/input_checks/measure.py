"""Make a run's reference from its training and validation images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.counted import counted
from core.datasets.dataset import Dataset
from core.datasets.split_images import SplitImages
from core.datasets.splits import carve_validation
from core.errors import InputError
from core.input_checks.feature_distance import Embedding, features
from core.input_checks.layout_distance import Layout, thumbnails
from core.input_checks.out_of_distribution import OUTLINES_PERCENTILE, PERCENTILE, Reference
from core.input_checks.outlines import Outlines, outlines
from core.input_checks.texture_distance import Texture, spectra
from core.machine.free_space import require_memory
from core.parallel import Progress
from core.runs.run import Run

if TYPE_CHECKING:
    import keras

MIN_TRAIN, MIN_VAL = 30, 20


class TooFewImages(InputError):
    """A run of so few images that nobody knows what is usual among them; no later measuring helps."""


def build_reference(
    run: Run, model: keras.Model, dataset: Dataset, progress: Progress | None = None, images: SplitImages | None = None
) -> Reference:
    """Measure the training and validation images of a run.

    Parameters
    ----------
    run : Run
    model : keras.Model
        The run's model.
    dataset : Dataset
        The images that the run was trained on; for a model brought from elsewhere, those that it was scored on.
    progress : callable of (int, int), optional
        Images done and of all.
    images : SplitImages, optional
        The same data set as the run's training had it, so that nothing is found twice.

    Returns
    -------
    Reference

    Raises
    ------
    InputError
        If the run is an ensemble, or the data set has no pixels, is not the one of the run or has too few images.
    """
    if run.config.members:
        raise InputError(f"The ensemble {run.name!r} is screened by its members; measure those: {', '.join(run.config.members)}")
    rows = _rows(run, dataset)
    images = images or SplitImages.of(run.config, dataset, split_of(run, dataset))
    n_images = sum(map(len, rows.values()))
    require_memory(n_images * run.config.image_size**2, f"Measuring {counted(n_images, 'image')}", "measure on a machine with more")
    pixels = images.pixels[np.concatenate([rows["train"], rows["val"]])]
    values, n_train = features(model, pixels, progress)[1], len(rows["train"])
    thumbs, textures, edges = thumbnails(pixels), spectra(pixels), outlines(pixels)
    layout, texture, embedding = Layout.fit(thumbs[:n_train]), Texture.fit(textures[:n_train]), Embedding.fit(values[:n_train])
    contours = Outlines.fit(edges[:n_train])
    measured = {
        "outlines": contours.distance(edges[n_train:]),
        "layout": layout.distance(thumbs[n_train:]),
        "texture": texture.distance(textures[n_train:]),
        "features": embedding.distance(values[n_train:]),
        "rotated": layout.turns(thumbs[n_train:])[1],
        "tilted": layout.tilt(thumbs[n_train:])[1],
    }
    limits = {kind: _limits(value, OUTLINES_PERCENTILE if kind == "outlines" else PERCENTILE) for kind, value in measured.items()}
    names = dataset.samples["sample_id"].to_numpy()[rows["train"]]
    return Reference(layout, texture, embedding, names, images.y[rows["train"]], limits, len(rows["val"]), contours)


def _limits(values: np.ndarray, percentile: float) -> tuple[float, float]:
    """What that share of the validation images stays below, and the farthest of them."""
    return float(np.percentile(values, percentile)), float(values.max())


def split_of(run: Run, dataset: Dataset) -> pd.Series:
    """Split of every image; a model from elsewhere has seen none here, and takes the training images of the data set that scored it.

    Parameters
    ----------
    run : Run
    dataset : Dataset

    Returns
    -------
    Series of str
        In the order of ``dataset.samples``.
    """
    recorded = run.split.set_index("sample_id")["split"]
    if run.config.system == "imported" and not (recorded == "train").any():
        return carve_validation(dataset.samples)
    return dataset.samples["sample_id"].map(recorded)


def _rows(run: Run, dataset: Dataset) -> dict[str, np.ndarray]:
    """Rows of the data set in the run's train and validation splits."""
    if not dataset.has_pixels:
        raise InputError(dataset.without_pixels)
    if dataset.fingerprint != run.config.fingerprint:
        raise InputError(f"{dataset.title!r} is not the data set that {run.name!r} was trained on; give --data with that one.")
    split = split_of(run, dataset)
    rows = {name: np.flatnonzero((split == name).to_numpy()) for name in ("train", "val")}
    if len(rows["train"]) < MIN_TRAIN or len(rows["val"]) < MIN_VAL:
        raise TooFewImages(
            f"{run.name!r} has {len(rows['train'])} training and {len(rows['val'])} validation images; "
            f"at least {MIN_TRAIN} and {MIN_VAL} are needed to know what films are like."
        )
    return rows
