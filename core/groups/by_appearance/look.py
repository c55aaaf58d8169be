"""Images as points where near means that they look alike: by a frozen backbone where its weights are at hand, else as measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.errors import InputError
from core.groups.by_appearance.clusters import reduce
from core.groups.by_appearance.kept import BACKBONE, MEASURED, TABLE
from core.groups.by_appearance.stages import Stages
from core.groups.measured import bands, standardised, table_looks

NOTHING = "There are neither pixels nor measured facts of these images, so what they look like is not known."


@dataclass(frozen=True, eq=False)
class Look:
    """What images look like.

    Attributes
    ----------
    kind : {"backbone", "measured", "table"}
    points : ndarray of shape (n_samples, n_dimensions), float32
    """

    kind: str
    points: np.ndarray


def kind_at_hand(dataset: Dataset) -> tuple[str, str]:
    """How the look of a data set's images can be told here, and what else names it.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    kind : {"backbone", "measured", "table"}
    key : str
        For the cache: it differs for other weights.

    Raises
    ------
    InputError
        If there are neither pixels nor measured facts.
    """
    if dataset.has_pixels:
        from core.groups.by_appearance.backbone import weights_key  # here, so that what needs no network does not depend on one

        key = weights_key()
        return (BACKBONE, f"{BACKBONE}-{key}") if key else (MEASURED, MEASURED)
    if reason := unknown_look(dataset):
        raise InputError(f"{reason} Group by a fact, or choose the folder of the images.")
    return TABLE, TABLE


def unknown_look(dataset: Dataset) -> str:
    """Why nobody can tell what the images of a data set look like; empty where that can be told, with or without work.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    str
        A sentence.
    """
    return "" if dataset.has_pixels or not table_looks(dataset.samples).empty else NOTHING


def look(dataset: Dataset, kind: str, train: np.ndarray, stages: Stages | None = None) -> Look:
    """The look of each image.

    Parameters
    ----------
    dataset : Dataset
    kind : {"backbone", "measured", "table"}
    train : ndarray of shape (n_train,), int
        Rows on which axes and scales are fitted.
    stages : callable of str, optional

    Returns
    -------
    Look

    Raises
    ------
    InputError
        If a file broke since the table was made, or the weight file cannot be loaded.
    """
    if kind == BACKBONE:
        from core.groups.by_appearance.backbone import features

        return Look(kind, reduce(features(dataset, stages), train))
    facts = table_looks(dataset.samples)
    if kind == MEASURED and (detail := bands(dataset, stages)) is not None:
        facts = pd.concat([facts, detail], axis=1)
    return Look(kind, standardised(facts, train))
