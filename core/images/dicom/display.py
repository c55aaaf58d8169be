"""Stored DICOM values to what a viewer shows: modality transform, then lookup table or window (PS3.3 C.11.1 and C.11.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydicom.multival import MultiValue

from core.images.intensity import limits_of, stretch
from core.images.limits import ImageError

if TYPE_CHECKING:
    import pydicom

Limits = tuple[float, float] | None


def shown_as_grey(stored: np.ndarray, data: pydicom.Dataset, padding: np.ndarray | None = None) -> np.ndarray:
    """Stored values as a viewer shows them. Of words of up to 16 bits each value is reckoned once, not each pixel.

    Parameters
    ----------
    stored : ndarray of shape (height, width), integer
    data : pydicom.Dataset
        Of a grey image.
    padding : ndarray of shape (height, width), bool, optional
        Pixels that say nothing of what is black and what is white.

    Returns
    -------
    ndarray of shape (height, width), uint8
    """
    seen = None if padding is None else ~padding
    if stored.dtype.itemsize > 2:
        shown, limits = displayed(stored, data)
        return stretch(shown, limits or limits_of(shown, seen))
    low, unsigned = int(stored.min()), np.dtype(f"u{stored.dtype.itemsize}").type
    shown, limits = displayed(np.arange(low, int(stored.max()) + 1).astype(stored.dtype), data)
    place = stored.view(unsigned) - unsigned(low % 2 ** (8 * stored.dtype.itemsize))
    if limits is None and data.get("ModalityLUTSequence"):  # in no order
        limits = limits_of(shown[place], seen)
    elif limits is None:
        first, last = sorted(float(shown[int(end) - low]) for end in limits_of(stored, seen))
        limits = first, last
    return stretch(shown, limits)[place]


def displayed(stored: np.ndarray, data: pydicom.Dataset) -> tuple[np.ndarray, Limits]:
    """Values as a viewer maps them, and which of them are black and white.

    Parameters
    ----------
    stored : ndarray of shape (height, width), integer
    data : pydicom.Dataset
        Of a grey image.

    Returns
    -------
    ndarray of shape (height, width)
    (float, float) or None
        None if nothing says: there is no table, and no window of any width.
    """
    little = data.file_meta.TransferSyntaxUID.is_little_endian
    values = _rescaled(stored, data)
    if data.get("ModalityLUTSequence"):  # it stands in the place of slope and intercept
        values = _looked_up(stored, data.ModalityLUTSequence[0], little)[0]
    if data.get("VOILUTSequence"):
        shown, entries = _looked_up(values, data.VOILUTSequence[0], little)
        return shown, (float(entries.min()), float(entries.max()))
    centre, width = (_first(data.get(name)) for name in ("WindowCenter", "WindowWidth"))
    function = str(data.get("VOILUTFunction") or "LINEAR").upper()
    if centre is None or width is None or width < (1 if function == "LINEAR" else np.finfo(float).tiny):
        return values, None
    return _windowed(values, centre, width, function), (0.0, 1.0)


def _rescaled(stored: np.ndarray, data: pydicom.Dataset) -> np.ndarray:
    slope, intercept = _first(data.get("RescaleSlope")), _first(data.get("RescaleIntercept"))
    if slope is None and intercept is None:
        return stored
    return stored.astype(np.float64) * (1 if slope is None else slope) + (intercept or 0)


def _windowed(values: np.ndarray, centre: float, width: float, function: str) -> np.ndarray:
    """Black is 0 and white 1."""
    values = values.astype(np.float64)
    if function == "SIGMOID":
        return 1 / (1 + np.exp(-4 * (values - centre) / width))
    if function == "LINEAR_EXACT":
        return np.clip((values - centre) / width + 0.5, 0, 1)
    if function != "LINEAR":
        raise ImageError(
            f"The DICOM window has the function {function[:16]!r}, which is not known here; export the image again, or as PNG."
        )
    if width == 1:
        return (values > centre - 0.5).astype(np.float64)
    return np.clip((values - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)


def _looked_up(values: np.ndarray, item: pydicom.Dataset, little: bool) -> tuple[np.ndarray, np.ndarray]:
    """Values through a table, and its entries; what lies beyond an end takes the entry there."""
    count, first = (int(number) for number in item.LUTDescriptor[:2])
    if first > np.iinfo(np.int16).max and values.min() < 0:  # a negative number that was written without its sign
        first -= 2**16
    entries = _entries(item.LUTData, count or 2**16, little)
    index = np.rint(values).astype(np.int64) - first
    return entries[np.clip(index, 0, len(entries) - 1)], entries


def _entries(table: object, count: int, little: bool) -> np.ndarray:
    """The entries of a table: of 16 bits, or of 8 if there are too few bytes for that."""
    if not isinstance(table, bytes):
        return np.asarray(table, dtype=np.int64)[:count]
    if len(table) >= 2 * count:
        return np.frombuffer(table, "<u2" if little else ">u2", count)
    return np.frombuffer(table, np.uint8, count)


def _first(value: MultiValue | list | str | float | None) -> float | None:
    """A number of a tag that may hold several, or none."""
    if isinstance(value, (MultiValue, list)):
        value = value[0] if len(value) else None
    return None if value is None or value == "" else float(value)
