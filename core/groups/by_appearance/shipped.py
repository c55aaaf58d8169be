"""The groups of the real set, which come with its index: whoever has no images sees them too.

Made and checked by ``python -m core.cli.build_shipped_groups DATA``.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from core.datasets.dataset import Dataset
from core.datasets.sources.shipped import INDEX, open_shipped

FILE = INDEX.with_name("groups.parquet")
SHARPNESS, K, MEDOID = "sharpness", "k", "medoid"


def is_shipped(dataset: Dataset) -> bool:
    """Whether a data set is the shipped index, without pixels and with just its images.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    bool
    """
    return dataset.root is None and not dataset.has_pixels and _rows(dataset) is not None


def is_known(dataset: Dataset) -> bool:
    """Whether the shipped groups are those of a data set: the shipped index, or a copy of the set with just its content.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    bool
    """
    if is_shipped(dataset):
        return True
    size, fingerprint = _content()
    return len(dataset.samples) == size and dataset.fingerprint == fingerprint and _rows(dataset) is not None


def shipped_codes(dataset: Dataset, k: int | None) -> tuple[np.ndarray, np.ndarray, int, float]:
    """Which group each image of the shipped index, or of a copy of the set, is in.

    Parameters
    ----------
    dataset : Dataset
        For which `is_known` holds.
    k : int, optional
        From 2 to 20; else the number that was found best.

    Returns
    -------
    codes : ndarray of shape (n_samples,), int
    ranks : ndarray of shape (n_samples,), int
        1 for the medoid of each group, 2 and on for the next; 0 for all other images.
    k : int
    stability : float
        Of the number that was found best; else NaN.
    """
    table, best, stability = _shipped()
    rows = _rows(dataset)
    chosen = best if k is None else k
    codes, ranks = (table[f"{name}{chosen}"].to_numpy()[rows].astype(int) for name in (K, MEDOID))
    return codes, ranks, chosen, stability if k is None else np.nan


@lru_cache(maxsize=1)
def codes_by_id() -> pd.Series | None:
    """By sample id, the group of each image of the shipped index, of the number that was found best; None without the file."""
    if not FILE.exists():
        return None
    table, best, _ = _shipped()
    return pd.Series(table[f"{K}{best}"].to_numpy(dtype=int), table["sample_id"].astype(str).to_numpy())


@lru_cache(maxsize=1)
def shipped_digest() -> str:
    """Names the shipped groups, for what is kept that follows from them; empty without the file.

    Returns
    -------
    str
    """
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:16] if FILE.exists() else ""


def shipped_sharpness(dataset: Dataset) -> pd.Series:
    """Sharpness of the images of the shipped index or of a copy of the set; missing for any other data set."""
    if not is_known(dataset):
        return pd.Series(np.nan, dataset.samples.index)
    return pd.Series(_shipped()[0][SHARPNESS].to_numpy(dtype=float)[_rows(dataset)], dataset.samples.index)


def write_shipped(table: pd.DataFrame, best: int, stability: float, file: Path = FILE) -> None:
    """Write the table with the number of groups that was found best.

    Parameters
    ----------
    table : DataFrame
    best : int
        The number of groups.
    stability : float
        Of that number of groups, in [0, 1].
    file : Path
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    facts = {b"best": str(best).encode(), b"stability": f"{stability:.4f}".encode()}
    pq.write_table(arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **facts}), file, compression="zstd")


@lru_cache(maxsize=1)
def _shipped() -> tuple[pd.DataFrame, int, float]:
    import pyarrow.parquet as pq

    table = pq.read_table(FILE)
    facts = table.schema.metadata
    return table.to_pandas(), int(facts[b"best"]), float(facts[b"stability"])


@cache
def _content() -> tuple[int, str]:
    """How many images the shipped index has, and its fingerprint."""
    index = open_shipped()
    return len(index.samples), index.fingerprint


def _rows(dataset: Dataset) -> np.ndarray | None:
    """Rows of the shipped table, an image each; None if one is not there."""
    if not FILE.exists():
        return None
    rows = pd.Index(_shipped()[0]["sample_id"]).get_indexer(dataset.samples["sample_id"])
    return rows if len(rows) and (rows >= 0).all() else None
