"""The pixel store: every image decoded once, to a memory-mapped uint8 array that all runs share."""

from __future__ import annotations

import os
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.lib.format import open_memmap

from core.counted import counted
from core.datasets.dataset import Dataset, ReadPath
from core.errors import InputError
from core.files import cache_dir
from core.files.stores import stored
from core.images import Resize
from core.images.decoding import VERSION
from core.parallel import Progress, parallel_map

CACHE_BYTES = 20 * 2**30


def pixel_store(dataset: Dataset, size: int, resize: Resize = "squash", progress: Progress | None = None) -> np.memmap:
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
        If the data set has no pixels, or the cache has no room for them.
    """
    if not dataset.has_pixels:
        raise InputError(dataset.without_pixels)
    path = cache_dir("pixels") / f"{dataset.fingerprint}-{size}-{resize}-{VERSION}.npy"
    shape, what = (len(dataset.samples), size, size), f"Decoding {counted(len(dataset.samples), 'image')} at {size} pixels"
    stored(path, np.uint8, shape, lambda place: _decode_all(dataset, place, size, resize, progress), what, CACHE_BYTES)
    return np.load(path, mmap_mode="r")


class RowFile:
    """Rows of a ``.npy`` file, fetched by plain file reads.

    Pages touched through a mapping count as the process's own memory, and a training touches all of them; what is read stays in
    the system's cache and the process small, however large the file.

    Parameters
    ----------
    path : str or Path
        Of an array in C order.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy.dtype
    """

    def __init__(self, path: str | Path) -> None:
        mapped = np.load(path, mmap_mode="r")
        self.path, self.shape, self.dtype, self._start = Path(path), mapped.shape, mapped.dtype, mapped.offset
        self._file = self.path.open("rb", buffering=0)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: int | np.integer | np.ndarray) -> np.ndarray:
        if isinstance(rows, int | np.integer):
            return self[np.array([rows])][0]
        found = np.empty((len(rows), *self.shape[1:]), self.dtype)
        for row, place in zip(rows, found, strict=True):
            if os.preadv(self._file.fileno(), [place.reshape(-1).view(np.uint8)], self._start + int(row) * place.nbytes) != place.nbytes:
                raise InputError(f"The file {self.path.name} of the cache is cut short; start again, which makes it anew.")
        return found


Store = TypeVar("Store")


def row_file(store: Store) -> Store | RowFile:
    """The rows of a pixel store, read instead of mapped; an array in memory stays as it is.

    Parameters
    ----------
    store : ndarray

    Returns
    -------
    RowFile or ndarray
    """
    if isinstance(store, np.memmap) and (file := Path(str(store.filename))).exists():
        return RowFile(file)
    return store  # also what is mapped of a file that was removed for room: it lives on


def _decode_all(dataset: Dataset, path: Path, size: int, resize: Resize, progress: Progress | None) -> None:
    if dataset.read_path is None:
        raise InputError(f"{dataset.title} has no image files, so there is nothing to decode; give the images themselves.")
    decode = partial(_decode_row, store=path, read=dataset.read_path, size=size, resize=resize)
    parallel_map(decode, list(enumerate(dataset.samples["path"].tolist())), progress)


def _decode_row(row: tuple[int, str], store: Path, read: ReadPath, size: int, resize: Resize) -> None:
    index, path = row
    _writable(store)[index] = read(path, size, resize)


@lru_cache(maxsize=1)
def _writable(store: Path) -> np.memmap:
    """The array that is being filled, mapped once a process."""
    return open_memmap(store, mode="r+")
