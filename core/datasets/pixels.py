"""The pixel store: every image decoded once, to a memory-mapped uint8 array that all runs share."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap

from core.datasets.dataset import Dataset
from core.errors import InputError
from core.files import cache_dir, replacing
from core.images import Resize
from core.parallel import Progress, parallel_map


def pixel_store(dataset: Dataset, size: int, resize: Resize = "squash", progress: Progress | None = None) -> np.ndarray:
    """All images of a data set at one size, in the order of ``dataset.samples``.

    The first call decodes in parallel, each worker writing its own rows, so memory stays flat however large the set is;
    later calls map the finished file.

    Parameters
    ----------
    dataset : Dataset
    size : int
        Side in pixels.
    resize : {"squash", "pad"}
    progress : callable of (int, int), optional

    Returns
    -------
    memmap of shape (n_samples, size, size), uint8
        Read-only.

    Raises
    ------
    InputError
        If the data set has no pixels.
    """
    if not dataset.has_pixels:
        raise InputError("The shipped index holds no pixels; give --data with the folder of the images.")
    path = cache_dir("pixels") / f"{dataset.fingerprint}-{size}-{resize}.npy"
    if not path.exists():
        with replacing(path) as temporary:
            _decode_all(dataset, temporary, size, resize, progress)
    return np.load(path, mmap_mode="r")


def _decode_all(dataset: Dataset, path: Path, size: int, resize: Resize, progress: Progress | None) -> None:
    paths = dataset.samples["path"].tolist()
    open_memmap(path, mode="w+", dtype=np.uint8, shape=(len(paths), size, size))
    decode = partial(_decode_row, store=path, read=dataset.read_path, size=size, resize=resize)
    parallel_map(decode, list(enumerate(paths)), progress)


def _decode_row(row: tuple[int, str], store: Path, read, size: int, resize: Resize) -> None:
    index, path = row
    _writable(store)[index] = read(path, size, resize)


@lru_cache(maxsize=1)
def _writable(store: Path) -> np.memmap:
    """The array that is being filled, mapped once a process."""
    return open_memmap(store, mode="r+")
