"""Numbers of any depth to the 256 grey levels of a picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

LEVELS = np.arange(2**16, dtype=np.float32)
FEW = 4  # single pixels at one end of the range may be a detector's faults, and one more for each MANY of the picture
MANY = 10_000
PART = 2**22  # values at a time
APART = 0.03  # of the range of all other pixels: a fault lies farther from them than this
FAR = 0.25  # whatever lies farther is a fault
ALONE = 0.4  # so is what stands out so far from all around it but one: of 2,500 radiographs, 5 lose a bright speck by both rules


def stretch(values: np.ndarray, limits: tuple[float, float] | None = None) -> np.ndarray:
    """Scale linearly to uint8 [0, 255].

    Parameters
    ----------
    values : ndarray of float or integer
        Infinite values take the nearer end; NaN becomes black.
    limits : (float, float), optional
        Become black and white; those of `limits_of` if None. A constant image then becomes black.
    """
    limits = limits or limits_of(values)
    if values.dtype == np.uint16:
        return _scaled(LEVELS, *limits)[values]
    return _scaled(values, *limits)


def _scaled(values: np.ndarray, low: float, high: float) -> np.ndarray:
    if high <= low:
        return np.zeros(values.shape, np.uint8)
    return np.rint(np.nan_to_num(np.clip((values - low) / (high - low), 0, 1)) * 255).astype(np.uint8)


def limits_of(values: np.ndarray, seen: np.ndarray | None = None) -> tuple[float, float]:
    """The smallest and the largest finite value, but for a few hot and dead pixels of a detector.

    Parameters
    ----------
    values : ndarray of shape (height, width) or (height, width, channels), float or integer
        Of any other shape, pixels have no neighbours to be judged by.
    seen : ndarray of shape (height, width), bool, optional
        Pixels that take part; all if None.

    Returns
    -------
    (float, float)
        Zeros if no value is finite.
    """
    if seen is not None and values.ndim > seen.ndim:
        seen = np.broadcast_to(seen[..., np.newaxis], values.shape)
    if values.dtype.kind == "f" and not np.isfinite([values.min(initial=0), values.max(initial=0)]).all():
        seen = np.isfinite(values) if seen is None else np.isfinite(values) & seen
    judged = values if seen is None else values[seen]
    few = FEW + judged.size // MANY
    if judged.size < 4 * few:
        return (float(judged.min()), float(judged.max())) if judged.size else (0.0, 0.0)
    lowest, highest = _tails(judged, few + 1)
    extent = highest[0] - lowest[-1]
    return -_end(values, seen, -lowest[::-1], extent, -1), _end(values, seen, highest, extent, 1)


def _tails(values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The n smallest and the n largest values, each ascending, as float64."""
    if values.dtype == np.uint16:  # counting is faster than ordering; part by part, as it makes words of eight bytes
        parts = np.array_split(values.reshape(-1), values.size // PART + 1)
        counts = np.minimum(sum(np.bincount(part, minlength=len(LEVELS)) for part in parts), n)
        found = np.flatnonzero(counts)
        low, high = (np.repeat(end, counts[end]) for end in (found[:n], found[-n:]))
        return low[:n].astype(np.float64), high[-n:].astype(np.float64)
    ordered = np.partition(values, (n - 1, values.size - n), axis=None)
    return np.sort(ordered[:n]).astype(np.float64), np.sort(ordered[-n:]).astype(np.float64)


def _end(values: np.ndarray, seen: np.ndarray | None, tail: np.ndarray, extent: float, sign: int) -> float:
    """The largest value · sign that is no fault, where `tail` holds the largest of them and `extent` is the range of all others."""
    near, far = (_before_gap(tail, share * extent) for share in (APART, FAR))
    if near == far or values.ndim not in (2, 3):
        return far
    beyond = (values > near) & (values <= far) if sign > 0 else (values < -near) & (values >= -far)
    beyond = beyond if seen is None else beyond & seen
    places = np.argwhere(beyond if beyond.ndim == 2 else beyond.any(axis=-1))
    around = [(plane, float(plane[at])) for plane, at in (_around(values, seen, y, x, sign) for y, x in places)]
    return max([near, *(value for plane, value in around if near < value <= far and not _stands_alone(plane, value, ALONE * extent))])


def _around(values: np.ndarray, seen: np.ndarray | None, y: int, x: int, sign: int) -> tuple[np.ndarray, tuple[int, int]]:
    """The values · sign of a pixel and those beside it, the largest of its channels each, and its place among them."""
    window = slice(max(y - 1, 0), y + 2), slice(max(x - 1, 0), x + 2)
    plane = values[window] * float(sign)
    plane = plane if seen is None else np.where(seen[window], plane, -np.inf)
    return plane if plane.ndim == 2 else plane.max(axis=-1), (min(y, 1), min(x, 1))


def _before_gap(tail: np.ndarray, step: float) -> float:
    """The last of ascending values before the first gap wider than `step`; the very last if there is none, or no range to judge by."""
    gaps = np.flatnonzero(np.diff(tail) > step)
    return float(tail[gaps[0] if len(gaps) and step > 0 else -1])


def _stands_alone(around: np.ndarray, value: float, step: float) -> bool:
    """Whether a pixel is higher by `step` than all around it but one: faults come in pairs, too."""
    return np.sort(around, axis=None)[-3] < value - step


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
        with np.errstate(all="ignore"):
            levels = stretch(colours, limits_of(colours, None if alpha is None else alpha > 0))
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
