"""The sample table: one row an image, measured once, cached as Parquet and refreshed only where files changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import imagehash
import numpy as np
import pandas as pd
from PIL import Image

from core.datasets.rim import rim_facts
from core.files import cache_dir, keep
from core.images import ImageError, read_content, read_with_header
from core.parallel import Progress, parallel_map

LAYOUT = 4  # raise it when `measure` changes, so that older tables are not reused
STATISTICS_SIZE = 224
LEVELS = np.arange(256)
HASH_SIDE = 16  # 256 bits: with 64, thousands of different children collide
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
    """Facts of one image file, or the `reason` why it cannot be used. The pixels are decoded, so a cut file is found."""
    try:
        content = read_content(path)
        grey, header = read_with_header(content, STATISTICS_SIZE)
    except ImageError as error:
        return {"reason": str(error)}
    counts = np.bincount(grey.ravel(), minlength=256)
    mean = float(counts @ LEVELS / grey.size)
    return {
        "width": header.width,
        "height": header.height,
        "mode": header.mode,
        "quantisation_sum": header.quantisation_sum,
        "content_hash": content_hash(content),
        "perceptual_hash": perceptual_hash(grey),
        "mean_intensity": mean,
        "std_intensity": float(np.sqrt(max(counts @ LEVELS**2 / grey.size - mean**2, 0.0))),
    } | rim_facts(grey)


def perceptual_hash(grey: np.ndarray) -> str:
    """Difference hash (Krawetz 2013) of a grey image, 256 bits as 64 hexadecimal digits."""
    small = Image.fromarray(grey).reduce(STATISTICS_SIZE // HASH_SIDE // 4)  # the library's own filter is slow on large images
    return np.packbits(imagehash.dhash(small, HASH_SIDE).hash).tobytes().hex()


def content_hash(content: bytes) -> str:
    """BLAKE2b of the bytes, 32 hexadecimal digits."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


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
        measured = pd.DataFrame(parallel_map(measure, table.loc[new, "path"].tolist(), progress), columns=list(FACTS))
        for column in FACTS:
            table[column] = table[column].astype("object")
            table.loc[new, column] = measured[column].astype("object").to_numpy()
        table = table.astype(FACTS)
        _keep(table.loc[table["reason"].isna(), KEY + list(FACTS)], cache)  # bad files are tried again: permissions and disks mend unseen
    return table


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
