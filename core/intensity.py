"""Numbers of any depth to the 256 grey levels of a picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

FEW = 4  # single pixels at one end of the range may be a detector's faults, and one more for each MANY of the picture
MANY = 10_000
APART = 0.1  # of the range of all others; the values of a radiograph, even of a small marker, lie closer


def stretch(values: np.ndarray, limits: tuple[float, float] | None = None) -> np.ndarray:
    """Scale linearly to uint8 [0, 255].

    Parameters
    ----------
    values : ndarray of float
        Infinite values take the nearer end; NaN becomes black.
    limits : (float, float), optional
        Become black and white; those of `limits_of` if None. A constant image then becomes black.
    """
    low, high = limits or limits_of(values)
    if high <= low:
        return np.zeros(values.shape, np.uint8)
    return np.rint(np.nan_to_num(np.clip((values - low) / (high - low), 0, 1)) * 255).astype(np.uint8)


def limits_of(values: np.ndarray) -> tuple[float, float]:
    """The smallest and the largest finite value, but for a few far beyond all others: hot and dead pixels of a detector.

    Parameters
    ----------
    values : ndarray of float

    Returns
    -------
    (float, float)
        Zeros if no value is finite.
    """
    finite = values[np.isfinite(values)]
    n, few = finite.size, FEW + finite.size // MANY
    if not n:
        return 0.0, 0.0
    if n < 4 * few or finite.min() == finite.max():
        return float(finite.min()), float(finite.max())
    ordered = np.partition(finite, (few, n - 1 - few))
    lowest, highest = (np.sort(tail).astype(np.float64) for tail in (ordered[: few + 1], ordered[n - 1 - few :]))
    step = APART * (highest[0] - lowest[-1])
    return -_end(-lowest[::-1], step), _end(highest, step)


def _end(tail: np.ndarray, step: float) -> float:
    """The last of ascending values before the first gap wider than `step`; the very last if there is none, or no range to judge by."""
    gaps = np.flatnonzero(np.diff(tail) > step)
    return float(tail[gaps[0] if len(gaps) and step > 0 else -1])


def to_picture(colours: np.ndarray, alpha: np.ndarray | None = None) -> Image.Image:
    """A picture of 8 bits a channel from samples of any depth.

    Samples of 16 bits that were made from 8 bits become what they were; any others are stretched from the darkest to the
    brightest, as nothing says how many of their bits are in use. Transparent pixels take no part in that.

    Parameters
    ----------
    colours : ndarray of shape (height, width, 1 or 3)
    alpha : ndarray of shape (height, width), uint8, optional

    Returns
    -------
    Image
        Of mode ``L``, ``RGB``, ``LA`` or ``RGBA``.
    """
    levels = _eight_bits(colours)
    if levels is None:
        values = colours.astype(np.float32 if colours.dtype.itemsize < 4 else np.float64, copy=False)
        with np.errstate(all="ignore"):
            levels = stretch(values, limits_of(values if alpha is None else values[alpha > 0]))
    bands = [*np.moveaxis(levels, -1, 0), *([] if alpha is None else [alpha])]
    return Image.merge({1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[len(bands)], [Image.fromarray(np.ascontiguousarray(band)) for band in bands])


def _eight_bits(colours: np.ndarray) -> np.ndarray | None:
    """Samples as the 8 bits that they are, or were before each was written twice (v · 257) or moved up (v · 256)."""
    if colours.dtype == np.uint8:
        return colours
    if colours.dtype.kind != "u" or colours.dtype.itemsize != 2:
        return None
    high, low = (colours >> 8).astype(np.uint8), (colours & 255).astype(np.uint8)
    return high if np.array_equal(high, low) or not low.any() else None
