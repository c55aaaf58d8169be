"""The last layer trained anew on images kept from the rest of the training, balanced by hidden group and class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras
import numpy as np

from core.architectures.footprint import images_at_once
from core.config import RunConfig
from core.datasets.splits import carve_validation
from core.files import replacing
from core.inference.batches import PlainBatches
from core.inference.predict import load_model
from core.runs.run import Run
from core.training.callbacks.checkpoints import in_float32
from core.training.hidden_groups.balance import Balance

if TYPE_CHECKING:
    import pandas as pd

STEPS = 2000


def kept_rows(samples: pd.DataFrame, train: np.ndarray, config: RunConfig) -> np.ndarray:
    """Those of the training rows that are kept for the last layer: whole patients, drawn with the run's seed; none if not asked for.

    Parameters
    ----------
    samples : DataFrame
        The sample table, as of `Dataset.samples`.
    train : ndarray of shape (n_train,), int
        Rows of the training images.
    config : RunConfig

    Returns
    -------
    ndarray of shape (n_kept,), int

    Raises
    ------
    InputError
        If too few patients are left to keep some.
    """
    share = config.recipe.last_layer
    if not share:
        return train[:0]
    part = samples.iloc[train].assign(split="train")
    return train[(carve_validation(part, share, config.seed) == "val").to_numpy()]


def retrain_last_layer(run: Run, pixels: np.ndarray, rows: np.ndarray, y: np.ndarray, balance: Balance) -> None:
    """Fit the run's ``logits`` layer anew by logistic regression on its own features; the rest of the model stays.

    Parameters
    ----------
    run : Run
        Its `model.keras` is replaced.
    pixels : ndarray of shape (n, side, side), uint8
        At the size of the model.
    rows : ndarray of shape (n_kept,), int
    y : ndarray of shape (n_kept,), int
        Classes of these rows.
    balance : Balance
        Of these rows.

    References
    ----------
    Kirichenko, Izmailov and Wilson, "Last layer re-training is sufficient for robustness to spurious correlations", ICLR 2023.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    model = load_model(run)
    layer = model.get_layer("logits")
    trunk = keras.Model(model.input, layer.input)
    batches = PlainBatches(pixels, rows, batch_size=images_at_once(trunk, pixels.shape[1]))
    features = np.concatenate([trunk.predict_on_batch(batches[index][0]) for index in range(len(batches))]).astype(np.float64)
    scale = StandardScaler().fit(features)
    fitted = LogisticRegression(max_iter=STEPS).fit(scale.transform(features), y, sample_weight=balance.of_images)
    layer.set_weights(_as_layer(fitted.coef_ / scale.scale_, fitted.intercept_, scale.mean_, layer.units))
    with replacing(run.model_path) as temporary:
        in_float32(model).save(temporary)


def _as_layer(slopes: np.ndarray, intercepts: np.ndarray, mean: np.ndarray, units: int) -> list[np.ndarray]:
    """Kernel (n_features, units) and bias (units,) that give the probabilities of a logistic regression on standardised features."""
    biases = intercepts - slopes @ mean
    if units == 2:  # two outputs whose difference is the log-odds
        slopes, biases = np.concatenate([-slopes, slopes]) / 2, np.concatenate([-biases, biases]) / 2
    return [slopes.T.astype(np.float32), biases.astype(np.float32)]
