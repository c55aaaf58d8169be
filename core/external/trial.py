"""A model's scores of a few images on every scale of intensities, so that people see which one it was trained on, and choose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.datasets import Dataset
from core.errors import InputError
from core.external.inputs import fed
from core.external.known_images import Reference
from core.external.scales import scales_for
from core.images import Resize, to_rgb
from core.metrics.statistics.delong import placements

if TYPE_CHECKING:
    from core.external.conversion import Converted

N_IMAGES = 16


def try_scales(brought: Converted, dataset: Dataset, resize: Resize) -> list[dict]:
    """Score up to 16 images on each scale.

    Labels are looked at for training and validation images alone: a scale chosen by the test images would flatter the model. Where
    there are none, test images show how far the scores spread, without their labels.

    Parameters
    ----------
    brought : Converted
    dataset : Dataset
        With pixels.
    resize : {"squash", "pad"}

    Returns
    -------
    list of dict
        ``scale, n_images, split, roc_auc, accuracy, low, median, high`` for each scale: the area under the curve and the share called
        right at 0.5, None without labels, and the least, middle and largest probability of anything but the first class.
    """
    names = brought.order.class_names
    chosen = _chosen(dataset.samples)
    y_true = _labels(dataset, chosen, names)
    pixels = np.stack([dataset.read(sample_id, brought.picture.side, resize) for sample_id in chosen["sample_id"]])
    images, split = to_rgb(pixels).astype(np.float32), "test" if y_true is None else "train"
    rows = []
    for scale in scales_for(brought.picture.n_channels):
        answer = brought.core(fed(images, scale, brought.picture), training=False)
        rows.append({"scale": scale, "n_images": len(images), "split": split} | _told(np.asarray(answer), y_true))
    return rows


def _chosen(samples: pd.DataFrame) -> pd.DataFrame:
    """Images of every class, spread over its files: of train and val if there are some, else of test."""
    learnt = samples[samples["split"] != "test"]
    pool = learnt if len(learnt) else samples
    each = max(1, N_IMAGES // max(1, pool["class_name"].nunique()))
    return pd.concat([_spread(part, each) for _, part in pool.groupby("class_name")])


def _spread(part: pd.DataFrame, n: int) -> pd.DataFrame:
    return part.iloc[np.unique(np.linspace(0, len(part) - 1, n).astype(int))]


def _labels(dataset: Dataset, chosen: pd.DataFrame, class_names: tuple[str, ...]) -> np.ndarray | None:
    """Class ids of training and validation images; None for test images, or where they are not known."""
    if (chosen["split"] == "test").any():
        return None
    try:
        return Reference.of_dataset(dataset).labels(chosen["sample_id"], class_names)
    except InputError:
        return None


def _told(scores: np.ndarray, y_true: np.ndarray | None) -> dict:
    scores = np.hstack([1 - scores, scores]) if scores.shape[1] == 1 else scores
    other = 1 - scores[:, 0].astype(np.float64)
    low, median, high = (round(float(np.quantile(other, share)), 4) for share in (0, 0.5, 1))
    roc_auc = accuracy = None
    if y_true is not None:
        positive = y_true > 0
        accuracy = round(float((scores.argmax(axis=1) == y_true).mean()), 4)
        roc_auc = round(float(placements(positive, other)[positive].mean()), 4) if positive.any() and not positive.all() else None
    return {"roc_auc": roc_auc, "accuracy": accuracy, "low": low, "median": median, "high": high}
