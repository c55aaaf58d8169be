"""Make the map of a data set, or find it where it was made before."""

from __future__ import annotations

import numpy as np

from core.datasets.dataset import Dataset
from core.embedding.kept import Embedding, keep, read_kept
from core.embedding.layout import lay_out
from core.embedding.shipped import shipped_embedding
from core.errors import InputError
from core.groups.by_appearance.look import kind_at_hand, look
from core.groups.by_appearance.stages import Stages, stage


def embed(dataset: Dataset, stages: Stages | None = None) -> Embedding:
    """The map of the images of a data set.

    Parameters
    ----------
    dataset : Dataset
    stages : callable of str, optional
        Makes a progress callback for each stage.

    Returns
    -------
    Embedding
        By the features of a frozen backbone where its weights are at hand, else by measured appearance. It is kept in the cache for the
        content of the images; labels and split change nothing.

    Raises
    ------
    InputError
        If there are no images, nothing tells what they look like, or an image or the weight file cannot be read.
    """
    if shipped := shipped_embedding(dataset):
        return shipped
    if dataset.samples.empty:
        raise InputError("There are no images to lay out on a map.")
    kind, key = kind_at_hand(dataset)
    known = read_kept(dataset.fingerprint, key, len(dataset.samples))
    return known or keep(dataset.fingerprint, key, made(dataset, kind, stages))


def made(dataset: Dataset, kind: str, stages: Stages | None = None) -> Embedding:
    """The map of a data set made anew by a look of `core.groups.by_appearance.look`.

    Parameters
    ----------
    dataset : Dataset
    kind : str
        A look of `core.groups.by_appearance.look`.
    stages : callable of str, optional
        A stage's name gives what is told of images done and of all.

    Returns
    -------
    Embedding
    """
    points = look(dataset, kind, np.arange(len(dataset.samples)), stages).points
    return Embedding(lay_out(points, stage(stages, "laying out the map")), kind)
