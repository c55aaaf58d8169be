"""How grainy and how sharp a picture is: the power in bands of spatial frequency, compared with the training images'."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

SIDE = 128
N_BANDS = 8
LOWEST, HIGHEST = 2, 60  # cycles a side; above it, resizing and JPEG say more than the patient


def spectra(pixels: np.ndarray) -> np.ndarray:
    """Log power in bands of spatial frequency, with mean and standard deviation of the intensities.

    Parameters
    ----------
    pixels : ndarray of shape (n, h, w), uint8

    Returns
    -------
    ndarray of shape (n, 10), float
    """
    return np.stack([_spectrum(image) for image in pixels])


@dataclass(frozen=True, eq=False)
class Texture:
    """The spectra of the training images, summarised.

    Attributes
    ----------
    mean : ndarray of shape (10,)
    precision : ndarray of shape (10, 10)
        Inverse of the shrunken covariance (Ledoit & Wolf 2004).
    """

    mean: np.ndarray
    precision: np.ndarray

    @classmethod
    def fit(cls, values: np.ndarray) -> Texture:
        """Mean and covariance of spectra of shape (n, 10)."""
        from sklearn.covariance import LedoitWolf  # seconds to load, which no page has to wait for

        fitted = LedoitWolf().fit(values)
        return cls(fitted.location_, fitted.precision_)

    def distance(self, values: np.ndarray) -> np.ndarray:
        """Mahalanobis distance of spectra of shape (n, 10), over the square root of 10; shape (n,)."""
        centred = values - self.mean
        return np.sqrt(np.einsum("ni,ij,nj->n", centred, self.precision, centred) / len(self.mean))


def _spectrum(image: np.ndarray) -> np.ndarray:
    small = np.asarray(Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float32)
    window, bands = _grid()
    power = np.abs(np.fft.rfft2((small - small.mean()) * window)) ** 2
    in_bands = np.bincount(bands.ravel(), power.ravel(), N_BANDS + 2) / np.bincount(bands.ravel(), minlength=N_BANDS + 2)
    return np.r_[np.log1p(in_bands[1 : N_BANDS + 1]), small.mean() / 20, small.std() / 20]


@lru_cache(maxsize=1)
def _grid() -> tuple[np.ndarray, np.ndarray]:
    """A window that hides the picture's edges, and the band of each frequency: 1 to N_BANDS, 0 below and N_BANDS + 1 above."""
    hann = np.hanning(SIDE)
    radius = SIDE * np.hypot(np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None])
    return np.outer(hann, hann), np.digitize(radius, np.geomspace(LOWEST, HIGHEST, N_BANDS + 1))
