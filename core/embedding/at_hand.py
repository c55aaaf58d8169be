"""The map that needs no work: the one that comes with the index, or one that was made before."""

from __future__ import annotations

from core.datasets.dataset import Dataset
from core.embedding.kept import Embedding, keys_kept, read_kept
from core.embedding.shipped import shipped_embedding


def embedding_at_hand(dataset: Dataset) -> Embedding | None:
    """The map of a data set without looking at any image; None where that would have to be done first.

    Of several that are kept, the one by the best look, whether or not its weights are still at hand.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    Embedding or None
    """
    if shipped := shipped_embedding(dataset):
        return shipped
    kept = (read_kept(dataset.fingerprint, key, len(dataset.samples)) for key in keys_kept(dataset.fingerprint))
    return next((embedding for embedding in kept if embedding), None)
