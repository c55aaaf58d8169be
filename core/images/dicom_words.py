"""The stored values of a grey DICOM image, and which of them only fill the frame (PS3.3 C.7.5.1.1.2: padding is no picture)."""

from __future__ import annotations

import numpy as np
from pydicom.multival import MultiValue
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

WHOLE_WORDS = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless)
PADDING = ("PixelPaddingValue", "PixelPaddingRangeLimit")


def read_words(data) -> tuple[np.ndarray, np.ndarray | None]:
    """Stored values and padding of a grey image.

    Parameters
    ----------
    data : pydicom.Dataset
        With pixels, of one channel and one frame.

    Returns
    -------
    ndarray of shape (height, width), integer
        The stored bits alone, wherever they lie in their words: overlays beside them are no values.
    ndarray of shape (height, width), bool, or None
        Where padding is; None if the file names none.
    """
    stored = int(data.BitsStored)
    if data.file_meta.TransferSyntaxUID in WHOLE_WORDS:
        data.pixel_array_options(correct_unused_bits=False)
        words = data.pixel_array
        values = _stored_bits(words, stored, data.get("HighBit"))
    else:  # a compressed picture has no words, only values
        values = words = data.pixel_array
    ends = [_number(data, name, words.dtype) for name in PADDING]
    if ends[0] is None:
        return values, None
    named = [end for end in ends if end is not None]
    within = all(_lowest(words.dtype, stored) <= end <= _highest(words.dtype, stored) for end in named)
    compared = values if within else words  # padding may use the bits that pixels leave free
    return values, (compared >= min(named)) & (compared <= max(named))


def _stored_bits(words: np.ndarray, stored: int, high: int | None) -> np.ndarray:
    """Words without the bits below and above the stored ones; a negative number keeps its sign."""
    n_bits = words.dtype.itemsize * 8
    below = high + 1 - stored if isinstance(high, int) and stored <= high + 1 <= n_bits else 0
    above = n_bits - stored - below
    return (words << above) >> (above + below) if above or below else words


def _number(data, name: str, dtype: np.dtype) -> int | None:
    """A tag's number as words of this type hold it: writers mistake its sign, and it may come as bytes. None if no word can be it."""
    try:
        value = data.get(name)
        if isinstance(value, bytes) and value:
            value = int.from_bytes(value[: dtype.itemsize], "little" if data.file_meta.TransferSyntaxUID.is_little_endian else "big")
        number = int(value[0] if isinstance(value, MultiValue) else value)
    except (TypeError, ValueError, IndexError, NotImplementedError):
        return None
    n_bits = dtype.itemsize * 8
    if not -(2 ** (n_bits - 1)) <= number < 2**n_bits:
        return None
    number %= 2**n_bits
    return number - 2**n_bits if dtype.kind == "i" and number > np.iinfo(dtype).max else number


def _lowest(dtype: np.dtype, stored: int) -> int:
    return -(2 ** (stored - 1)) if dtype.kind == "i" else 0


def _highest(dtype: np.dtype, stored: int) -> int:
    return 2 ** (stored - (dtype.kind == "i")) - 1
