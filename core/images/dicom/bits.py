"""Which bits of a DICOM word are the pixel, and whether a file's words keep to what it says of them (PS3.5 8.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.images.limits import ImageError

if TYPE_CHECKING:
    import pydicom

OVERLAY_GROUPS = range(0x6000, 0x6020, 2)
OVERLAY_TAGS = tuple((group << 16) | element for group in OVERLAY_GROUPS for element in (0x0100, 0x0102))
MOST_PAIRS = 2**22  # of neighbours whose steps are compared; enough of any radiograph


def overlay_bits(data: pydicom.Dataset) -> int:
    """The bits of a word that the file gives to overlays, as a mask; an overlay at bit 0 lies in an element of its own."""
    places = [data.get((group, 0x0102)) for group in OVERLAY_GROUPS]
    numbers = [int(place.value or 0) for place in places if place is not None and isinstance(place.value, int | None)]
    return sum(1 << number for number in set(numbers) if 0 < number < int(data.BitsAllocated))


def high_bit(words: np.ndarray, stored: int, high: int | None) -> int:
    """The highest bit of the pixels: as the file says, unless every word says that they lie lowest.

    Parameters
    ----------
    words : ndarray, integer
    stored : int
        Bits of a pixel.
    high : int or None
        What the file says; passed over if it cannot be.
    """
    n_bits = words.dtype.itemsize * 8
    if not isinstance(high, int) or not stored <= high < n_bits:
        return stored - 1
    unsigned = words.view(f"u{words.dtype.itemsize}")
    lowest_used = bool((unsigned & ((1 << (high + 1 - stored)) - 1)).any())
    return stored - 1 if lowest_used and _fits(words, stored) else high


def stored_bits(words: np.ndarray, stored: int, high: int) -> np.ndarray:
    """Words without the bits below and above the stored ones; a negative number keeps its sign."""
    n_bits = words.dtype.itemsize * 8
    above = n_bits - 1 - high
    return (words << above) >> (n_bits - stored) if stored < n_bits else words


def check_bits(words: np.ndarray, stored: int, high: int, overlays: int = 0) -> None:
    """Raise ImageError if pixels go on above their bits: without the rest, what is brightest would turn dark.

    Bits that the file gives to overlays are no part of a pixel, nor is a bit beyond one that no word uses: a number that outgrows its
    bits takes the next one first.

    Parameters
    ----------
    words : ndarray, integer
        Of the pixels that are no padding.
    stored, high : int
        Bits of a pixel, and the highest of them.
    overlays : int
        Mask of the bits that belong to overlays.
    """
    n_bits = words.dtype.itemsize * 8
    free = ((1 << n_bits) - (1 << (high + 1))) & ~overlays
    unsigned = words.view(f"u{words.dtype.itemsize}")
    beside = unsigned & unsigned.dtype.type(free)
    kept = beside == 0
    if words.dtype.kind == "i":  # a sign goes on to the top of the word
        kept |= (stored_bits(words, stored, high) < 0) & (beside == free)
    n_next = np.count_nonzero(unsigned & unsigned.dtype.type((2 << high) & free))
    if n_next and not kept.all():
        raise ImageError(
            f"The DICOM file says that its pixels have {stored} bits (BitsStored, HighBit), and {_share(kept)} use more; "
            "without these bits, the brightest would turn dark. Export it again, or as PNG."
        )


def check_sign(words: np.ndarray, values: np.ndarray) -> None:
    """Raise ImageError if the picture jumps from brightest to darkest where it would be smooth without its sign.

    A negative number may be stored without its sign in the free bits; so may a positive one in a file that mistakes itself for signed.
    """
    if words.dtype.kind != "i" or np.array_equal(words, values):
        return
    rows = max(1, MOST_PAIRS // words.shape[1])
    as_said, as_written = (np.abs(np.diff(part[:rows].astype(np.int64), axis=1)).sum() for part in (values, words))
    if as_written < as_said:
        raise ImageError(
            "The DICOM file says that its pixels may be negative (PixelRepresentation), and the picture is smooth only if they are not; "
            "export it again, or as PNG."
        )


def _fits(words: np.ndarray, stored: int) -> bool:
    return int(words.max()) < 2**stored and int(words.min()) >= (-(2 ** (stored - 1)) if words.dtype.kind == "i" else 0)


def _share(kept: np.ndarray) -> str:
    n_beyond = int(kept.size - np.count_nonzero(kept))
    return f"{n_beyond:,} of {kept.size:,}"
