"""Features of images by a frozen network, computed once and kept in the cache."""

from __future__ import annotations

import hashlib
from pathlib import Path

import keras
import numpy as np
from numpy.lib.format import open_memmap

from core.architectures.footprint import images_at_once
from core.counted import counted
from core.datasets.pixel_store import RowFile
from core.files import cache_dir
from core.files.stores import stored
from core.inference.batches import PlainBatches
from core.parallel import Progress

CACHE_BYTES = 6 * 2**30


def feature_store(
    trunk: keras.Model, pixels: np.ndarray, rows: np.ndarray, content: str, flip: bool, progress: Progress | None = None
) -> RowFile:
    """Features of some images, and of their mirror images; kept in the cache for other runs with the same trunk and images.

    Parameters
    ----------
    trunk : keras.Model
    pixels : ndarray of shape (n, side, side), uint8
    rows : ndarray of shape (n_rows,), int
    content : str
        Names what `pixels` holds.
    flip : bool
        Whether to add the mirror images as a second view.
    progress : callable of (int, int), optional

    Returns
    -------
    RowFile of shape (n_views * n_rows, ...), float16
        First all images as they are, then all mirror images.
    """
    path = cache_dir("features") / f"{_key(trunk, rows, content, flip)}.npy"
    shape, what = ((1 + flip) * len(rows), *trunk.output.shape[1:]), f"The features of {counted(len(rows), 'image')}"

    def fill(place: Path) -> None:
        images = PlainBatches(pixels, rows, batch_size=images_at_once(trunk, pixels.shape[1]))
        _compute(trunk, images, open_memmap(place, mode="r+"), progress)

    return RowFile(stored(path, np.float16, shape, fill, what, CACHE_BYTES))


def _compute(trunk: keras.Model, batches: PlainBatches, store: np.memmap, progress: Progress | None) -> None:
    n_rows = len(batches.rows)
    for index in range(len(batches)):
        (images,) = batches[index]
        done = index * batches.batch_size
        for view in range(len(store) // n_rows):
            place = slice(view * n_rows + done, view * n_rows + done + len(images))
            store[place] = trunk.predict_on_batch(images[:, :, ::-1] if view else images)
        if progress:
            progress(done + len(images), n_rows)
    store.flush()


def _key(trunk: keras.Model, rows: np.ndarray, content: str, flip: bool) -> str:
    digest = hashlib.sha256(f"{content} {flip} {keras.config.dtype_policy().name}".encode())
    digest.update(np.ascontiguousarray(rows).tobytes())
    for weight in trunk.get_weights():
        digest.update(weight.tobytes())
    return digest.hexdigest()[:24]
