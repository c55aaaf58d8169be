"""The compressed picture inside a DICOM file: held against what the file says of it before it is decoded, and run lengths undone."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from pydicom.encaps import get_frame
from pydicom.uid import JPEG2000TransferSyntaxes, JPEGTransferSyntaxes

from core.images.formats.jpeg_scans import check_scans
from core.images.limits import ImageError, check_memory

if TYPE_CHECKING:
    import pydicom

PEAK = 16  # bytes a pixel and channel: JPEG 2000 reckons in words of four
MOST_SEGMENTS = 15


def check_frame(data: pydicom.Dataset) -> None:
    """Raise ImageError if a JPEG is of another size than the file says, or asks for too much work.

    Parameters
    ----------
    data : pydicom.Dataset
        With pixels, of one frame.
    """
    syntax = data.file_meta.TransferSyntaxUID
    if syntax not in JPEGTransferSyntaxes + JPEG2000TransferSyntaxes:
        return
    frame = _frame(data)
    if syntax in JPEGTransferSyntaxes:
        check_scans(frame)
    else:
        check_memory(int(data.Rows) * int(data.Columns), PEAK * int(data.get("SamplesPerPixel") or 1))
    try:
        size = Image.open(io.BytesIO(frame), formats=("JPEG", "JPEG2000")).size
    except OSError:  # of a sort that Pillow does not know; its decoder will say
        return
    if size != (int(data.Columns), int(data.Rows)):
        raise ImageError(f"The DICOM file says {data.Columns}×{data.Rows} pixels and holds {size[0]}×{size[1]}; export it again.")


def run_length_words(data: pydicom.Dataset) -> np.ndarray:
    """Words of an image that is packed as run lengths (PS3.5, Annex G), with never more bytes than its size asks for.

    Parameters
    ----------
    data : pydicom.Dataset

    Returns
    -------
    ndarray of shape (height, width) or (height, width, 3), integer
    """
    frame, height, width = _frame(data), int(data.Rows), int(data.Columns)
    samples, size = int(data.get("SamplesPerPixel") or 1), int(data.BitsAllocated) // 8
    n_segments, *starts = struct.unpack(f"<{1 + MOST_SEGMENTS}I", frame[:64])
    if n_segments != samples * size:
        raise ImageError(
            f"The DICOM pixels are cut short or broken: they lie in {n_segments} parts instead of {samples * size}; export it again."
        )
    ends = [*starts[1:n_segments], len(frame)]
    words = np.empty((height * width, samples, size), np.uint8)  # most significant byte first
    for place, (start, end) in enumerate(zip(starts, ends, strict=False)):
        line = Image.frombytes("L", (height * width, 1), frame[start:end], "packbits", "L")
        words[:, place // size, place % size] = np.asarray(line)[0]
    kind = np.dtype(f">{'i' if data.PixelRepresentation else 'u'}{size}")
    found = words.view(kind).reshape(height, width, samples)
    return found[..., 0] if samples == 1 else found


def _frame(data: pydicom.Dataset) -> bytes:
    return get_frame(data.PixelData, 0, number_of_frames=1)
