"""The map of the real set, which comes with its index: whoever has no images, or the same ones, sees it at once.

Made and checked by ``python -m core.cli.build_shipped_map DATA``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.sources.shipped import INDEX
from core.embedding.kept import Embedding
from core.groups.by_appearance.kept import BACKBONE

FILE = INDEX.with_name("map.parquet")


def shipped_embedding(dataset: Dataset) -> Embedding | None:
    """The shipped map if the data set has just the images of the index, with pixels or without; else None.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    Embedding or None
    """
    if not FILE.exists():
        return None
    table, fingerprint = _shipped()
    if len(table) != len(dataset.samples) or dataset.fingerprint != fingerprint:
        return None
    rows = pd.Index(table["sample_id"]).get_indexer(dataset.samples["sample_id"])
    return Embedding(table[["x", "y"]].to_numpy(dtype=np.uint16)[rows], BACKBONE) if (rows >= 0).all() else None


def write_shipped(sample_ids: pd.Series, places: np.ndarray, fingerprint: str, file: Path = FILE) -> None:
    """Write the map with the fingerprint of the images that it shows.

    Parameters
    ----------
    sample_ids : Series of shape (n_samples,), str
    places : ndarray of shape (n_samples, 2), float
        In [0, 1].
    fingerprint : str
        Of the content of the images.
    file : Path
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pd.DataFrame({"sample_id": sample_ids.to_numpy(), "x": places[:, 0], "y": places[:, 1]})
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    named = {**(arrow.schema.metadata or {}), b"fingerprint": fingerprint.encode()}
    pq.write_table(arrow.replace_schema_metadata(named), file, compression="zstd", compression_level=19)


@lru_cache(maxsize=1)
def _shipped() -> tuple[pd.DataFrame, str]:
    import pyarrow.parquet as pq

    table = pq.read_table(FILE)
    return table.to_pandas(), table.schema.metadata[b"fingerprint"].decode()
