"""The sample table: one row an image, measured once, cached as Parquet and refreshed only where files changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from core.files import cache_dir, keep
from core.images import ImageError, gate, read_content
from core.parallel import Progress, parallel_map

LAYOUT = 4  # raise it when `measure` changes, so that older tables are not reused
FACTS = {
    "width": "Int32", "height": "Int32", "mode": "str", "quantisation_sum": "Int32", "content_hash": "str",
    "perceptual_hash": "str", "mean_intensity": "Float32", "std_intensity": "Float32", "rim_mean": "Float32", "rim_black": "Float32",
    "letters": "Float32", "reason": "str",
}  # fmt: skip
COLUMNS = (
    "sample_id", "path", "split", "class_name", "subtype", "patient_id", "width", "height", "mode", "n_bytes",
    "quantisation_sum", "content_hash", "perceptual_hash", "mean_intensity", "std_intensity", "rim_mean", "rim_black", "letters",
)  # fmt: skip
KEY = ["path", "n_bytes", "mtime_ns"]


def measure(path: str) -> dict:
    """Facts of one image file, or the `reason` why it cannot be used; decoded in a bounded process."""
    try:
        return gate.facts_of(read_content(path))
    except ImageError as error:
        return {"reason": str(error)}


def fingerprint(samples: pd.DataFrame) -> str:
    """16 hexadecimal digits that change when any sample id or any content does."""
    lines = (samples["sample_id"] + ":" + samples["content_hash"].fillna("")).sort_values()
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def build_table(root: Path, files: pd.DataFrame, progress: Progress | None = None) -> pd.DataFrame:
    """Measure `files` below `root`, reusing what the cached table knows of good files that did not change.

    Parameters
    ----------
    root : Path
        Names the cache entry.
    files : DataFrame
        ``sample_id, path, split, class_name, subtype, patient_id, n_bytes, mtime_ns``.
    progress : callable of (int, int), optional
        Also called before the first of those that are to be measured.

    Returns
    -------
    DataFrame
        `files` with the facts of `measure`; `reason` is missing for usable images.
    """
    name = hashlib.blake2b(str(root.resolve()).encode(), digest_size=8).hexdigest()
    cache = cache_dir("tables") / f"{name}-{LAYOUT}.parquet"
    known = _read_cache(cache).drop_duplicates(KEY)  # else a file that stands in two rows would be joined four times
    table = files.merge(known, on=KEY, how="left", indicator=True)
    new = (table.pop("_merge") == "left_only").to_numpy()
    if new.any():
        paths = table.loc[new, "path"].tolist()
        if progress:
            progress(0, len(paths))
        done: dict[str, dict] = {}
        try:
            parallel_map(lambda path: done.setdefault(path, measure(path)), paths, progress, threads=True)
        finally:  # what an interruption leaves is kept, and the next opening goes on from there
            table = _filled(table, new, done)
            there = table["path"].isin(done) | ~new
            _keep(table.loc[there & table["reason"].isna(), KEY + list(FACTS)], cache)  # bad files are tried again: they mend unseen
    return table


def _filled(table: pd.DataFrame, new: np.ndarray, done: Mapping[str, dict]) -> pd.DataFrame:
    """The table with the facts of the new files, as far as they were measured."""
    measured = pd.DataFrame([done.get(path, {}) for path in table.loc[new, "path"]], columns=list(FACTS))
    table = table.astype(dict.fromkeys(FACTS, "object"))
    for column in FACTS:
        table.loc[new, column] = measured[column].astype("object").to_numpy()
    return table.astype(FACTS)


def _keep(table: pd.DataFrame, cache: Path) -> None:
    """Write the cached table; a full disk costs the time of measuring again, and no more."""
    keep(
        cache,
        lambda path: table.to_parquet(path, index=False),
        "The table of the images is not kept, and they are measured anew next time.",
    )


def _read_cache(cache: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(cache)[KEY + list(FACTS)].astype(FACTS)
    except Exception:  # none yet, of an older layout, or broken, for which pyarrow has many errors: measure again
        return pd.DataFrame(columns=KEY + list(FACTS)).astype({"path": "str", "n_bytes": "int64", "mtime_ns": "int64"} | FACTS)
