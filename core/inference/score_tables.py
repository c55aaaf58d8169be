"""The tables of scores of a run: of its validation and test images, and of the battery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.labels import labels_for
from core.datasets.pixel_store import pixel_store
from core.images.corruptions import SOURCE, VARIANTS
from core.images.views import Look
from core.inference.predict import both_columns, mean_over, predict, predict_batches
from core.parallel import Progress
from core.runs.run import Run

if TYPE_CHECKING:
    import keras


def score_samples(
    model: keras.Model, run: Run, dataset: Dataset, split: pd.Series, wanted: tuple[str, ...], progress: Progress | None = None
) -> pd.DataFrame:
    """The predictions table of some splits.

    Parameters
    ----------
    model : keras.Model
    run : Run
        Gives the classes, the input size and the resize rule.
    dataset : Dataset
    split : Series of shape (n_samples,)
        Split of every sample, in the order of ``dataset.samples``.
    wanted : tuple of str
        Such as ``("val", "test")``.
    progress : callable of (int, int), optional

    Returns
    -------
    DataFrame
        ``sample_id, split, y_true, p_<class>…``

    Raises
    ------
    InputError
        If the data set has other classes than the run.
    """
    config = run.config
    y = labels_for(config, dataset)
    rows = np.flatnonzero(split.isin(wanted).to_numpy())
    pixels = pixel_store(dataset, config.image_size, config.recipe.resize)
    scores = predict(model, pixels, rows, progress, config.recipe.view)
    table = pd.DataFrame({"sample_id": dataset.samples["sample_id"].to_numpy()[rows], "split": split.to_numpy()[rows], "y_true": y[rows]})
    table[[f"p_{name}" for name in config.class_names]] = scores
    return table


def score_battery(model: keras.Model, run: Run, dataset: Dataset, split: pd.Series, progress: Progress | None = None) -> pd.DataFrame:
    """The predictions of the validation images, each with every clue of the battery removed in turn.

    Parameters
    ----------
    model : keras.Model
    run : Run
    dataset : Dataset
    split : Series of shape (n_samples,)
    progress : callable of (int, int), optional

    Returns
    -------
    DataFrame
        ``sample_id, variant, y_true, p_<class>…``, one row for each image and variant.

    Raises
    ------
    InputError
        If the data set has other classes than the run.
    """
    from core.architectures.footprint import images_at_once
    from core.inference.batches import BatteryBatches

    config = run.config
    y, validation = labels_for(config, dataset), np.flatnonzero((split == "val").to_numpy())
    rows, variants = np.tile(validation, len(VARIANTS)), np.repeat(list(VARIANTS), len(validation))
    n_step, source = images_at_once(model, config.image_size), pixel_store(dataset, SOURCE, config.recipe.resize)

    def look_through(look: Look, shown: Progress | None) -> np.ndarray:
        batches = BatteryBatches(source, rows, variants, config.image_size, batch_size=n_step, look=look)
        return both_columns(predict_batches(model, batches, shown))

    scores = mean_over(config.recipe.view, look_through, progress)
    table = pd.DataFrame({"sample_id": dataset.samples["sample_id"].to_numpy()[rows], "variant": variants, "y_true": y[rows]})
    table[[f"p_{name}" for name in config.class_names]] = scores
    return table
