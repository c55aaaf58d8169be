"""Which way the edges in a picture run, part by part: ribs, heart and shoulders of another population lie differently.

Brightness, contrast and sharpness cancel, so this tells a chest of another age from the training films where layout and texture do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

SIDE = 128
CELLS, BINS = 8, 9  # along a side; directions in half a turn (Dalal & Triggs 2005)
CLIPPED = 0.4  # the largest share of one direction in its neighbourhood
N_COMPONENTS = 32
_FEWEST = 1e-5  # the least spread that is divided by


def outlines(pixels: np.ndarray) -> np.ndarray:
    """Histograms of oriented gradients (Dalal & Triggs 2005), each cell normalised by the 3×3 cells around it.

    Parameters
    ----------
    pixels : ndarray of shape (n, h, w), uint8

    Returns
    -------
    ndarray of shape (n, 576), float32
        In [0, 0.4]; a uniform picture is all 0.
    """
    return np.stack([_histograms(image) for image in pixels])


@dataclass(frozen=True, eq=False)
class Outlines:
    """The outlines of the training images as a probabilistic PCA (Tipping & Bishop 1999).

    Attributes
    ----------
    mean, scale : ndarray of shape (576,)
    axes : ndarray of shape (n_components, 576)
        Principal axes, unit length.
    variance : ndarray of shape (n_components,)
        Along each axis.
    rest : ndarray of shape ()
        Mean variance in all other directions.
    """

    mean: np.ndarray
    scale: np.ndarray
    axes: np.ndarray
    variance: np.ndarray
    rest: np.ndarray

    @classmethod
    def fit(cls, values: np.ndarray) -> Outlines:
        """Principal axes of outlines of shape (n, 576), standardised."""
        mean, scale = values.mean(axis=0), np.maximum(values.std(axis=0), _FEWEST)
        standard = ((values - mean) / scale).astype(np.float64)
        variance, axes = np.linalg.eigh(standard.T @ standard / len(values))
        n = min(N_COMPONENTS, *(side - 1 for side in values.shape))
        rest = np.maximum(variance[:-n].mean(), _FEWEST)
        return cls(mean, scale, axes[:, : -n - 1 : -1].T, np.maximum(variance[: -n - 1 : -1], _FEWEST), np.asarray(rest))

    def distance(self, values: np.ndarray) -> np.ndarray:
        """Mahalanobis distance of outlines of shape (n, 576), over the square root of 576; shape (n,)."""
        standard = (values - self.mean) / self.scale
        squared = (standard @ self.axes.T) ** 2
        beside = np.maximum((standard**2).sum(axis=1) - squared.sum(axis=1), 0)
        return np.sqrt(((squared / self.variance).sum(axis=1) + beside / self.rest) / values.shape[1])


def _histograms(image: np.ndarray) -> np.ndarray:
    small = np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BILINEAR), dtype=np.float32)
    down, right = np.gradient(ndimage.gaussian_filter(small, 1))  # smoothed: an encoder's noise has no say
    place = np.mod(np.arctan2(down, right), np.pi) * BINS / np.pi
    low, part = np.floor(place).astype(int), place % 1
    rows, columns = np.divmod(np.arange(SIDE**2).reshape(SIDE, SIDE), SIDE)
    cell = (rows * CELLS // SIDE * CELLS + columns * CELLS // SIDE) * BINS
    length, n = np.hypot(down, right), CELLS**2 * BINS
    shares = ((low, 1 - part), (low + 1, part))
    first, second = (np.bincount((cell + bins % BINS).ravel(), (length * weight).ravel(), n) for bins, weight in shares)
    votes = (first + second).reshape(CELLS, CELLS, BINS)
    around = 9 * ndimage.uniform_filter((votes**2).sum(axis=-1), 3, mode="nearest")
    return np.minimum(votes / np.sqrt(around + 1)[..., np.newaxis], CLIPPED).ravel().astype(np.float32)
