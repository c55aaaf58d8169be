"""The stored values of a DICOM image, and which of them only fill the frame (PS3.3 C.7.5.1.1.2: padding is no picture)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydicom.multival import MultiValue
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from core.images.dicom.bits import check_bits, check_sign, high_bit, overlay_bits, stored_bits
from core.images.dicom.frame import run_length_words

if TYPE_CHECKING:
    import pydicom

WHOLE_WORDS = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless)
PADDING = ("PixelPaddingValue", "PixelPaddingRangeLimit")


def read_words(data: pydicom.Dataset) -> tuple[np.ndarray, np.ndarray | None]:
    """Stored values and padding of an image.

    Parameters
    ----------
    data : pydicom.Dataset
        With pixels, of one frame.

    Returns
    -------
    ndarray of shape (height, width) or (height, width, 3), integer
        The stored bits alone, wherever they lie in their words: overlays beside them are no values.
    ndarray of the same shape, bool, or None
        Where padding is; None if the file names none.

    Raises
    ------
    ImageError
        If pixels use other bits than the file says.
    """
    stored = int(data.BitsStored)
    data.pixel_array_options(correct_unused_bits=False)
    words = np.ascontiguousarray(run_length_words(data) if data.file_meta.TransferSyntaxUID == RLELossless else data.pixel_array)
    words = words.astype(words.dtype.newbyteorder("="), copy=False)
    in_words = data.file_meta.TransferSyntaxUID in WHOLE_WORDS  # a compressed picture has no words, only values
    high = high_bit(words, stored, data.get("HighBit")) if in_words else stored - 1
    values = stored_bits(words, stored, high)
    padding = _padding(words, values, stored, data)
    check_bits(words if padding is None else words[~padding], stored, high, overlay_bits(data) if in_words else 0)
    if padding is None and words.ndim == 2 and high == stored - 1:
        check_sign(words, values)
    return values, padding


def _padding(words: np.ndarray, values: np.ndarray, stored: int, data: pydicom.Dataset) -> np.ndarray | None:
    """Where padding is; it may use the bits that pixels leave free."""
    ends = [_number(data, name, words.dtype) for name in PADDING]
    if ends[0] is None:
        return None
    named = [end for end in ends if end is not None]
    within = all(_lowest(words.dtype, stored) <= end <= _highest(words.dtype, stored) for end in named)
    compared = values if within else words
    return (compared >= min(named)) & (compared <= max(named))


def _number(data: pydicom.Dataset, name: str, dtype: np.dtype) -> int | None:
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
