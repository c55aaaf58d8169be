"""What the images of a group look like together: their mean picture and the histogram of their grey levels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.datasets.dataset import Dataset
from core.datasets.pixel_store import pixel_store
from core.parallel import Progress

SIDE = 128
MOST_IMAGES = 12_000  # a mean of more looks the same and would fill the disk
LEVELS = 256


@dataclass(frozen=True)
class Appearance:
    """A group of images together.

    Attributes
    ----------
    mean : ndarray of shape (side, side), float64
        Mean grey level of each place, in [0, 255].
    histogram : ndarray of shape (256,), int
        Pixels of each grey level.
    n_samples : int
    """

    mean: np.ndarray
    histogram: np.ndarray
    n_samples: int


@dataclass(frozen=True)
class Pixels:
    """Decoded images and where they stand in their data set.

    Attributes
    ----------
    images : ndarray of shape (n_images, side, side), uint8
    positions : ndarray of shape (n_images,), int
        Ascending.
    """

    images: np.ndarray
    positions: np.ndarray

    def appearance(self, positions: np.ndarray) -> Appearance | None:
        """The mean picture and the histogram of those of `positions` that are decoded; None if there is none."""
        rows = np.flatnonzero(np.isin(self.positions, positions))
        if not len(rows):
            return None
        total, histogram = np.zeros(self.images.shape[1:]), np.zeros(LEVELS, np.int64)
        for start in range(0, len(rows), 512):
            block = self.images[rows[start : start + 512]]
            total += block.sum(axis=0, dtype=np.int64)
            histogram += np.bincount(block.ravel(), minlength=LEVELS)
        return Appearance(total / len(rows), histogram, len(rows))


def decode_small(dataset: Dataset, progress: Progress | None = None, most: int = MOST_IMAGES, side: int = SIDE) -> Pixels:
    """Every image at a small size, squashed; a random part of a very large data set.

    Parameters
    ----------
    dataset : Dataset
    progress : callable of (int, int), optional
    most : int
        Images at most.
    side : int
        Pixels.

    Returns
    -------
    Pixels

    Raises
    ------
    InputError
        If there are no pixels, or a file broke since the table was made.
    """
    n = len(dataset.samples)
    chosen = np.arange(n) if n <= most else np.sort(np.random.default_rng(0).choice(n, most, replace=False))
    part = dataset if n <= most else replace(dataset, samples=dataset.samples.iloc[chosen])
    return Pixels(pixel_store(part, side, "squash", progress), chosen)
