"""One DICOM file to grey pixels. Only pixel data and how to show it are read; patient tags never leave this module."""

from __future__ import annotations

import io

import numpy as np

from core.images import MAX_PIXELS, ImageError, stretch

PIXEL_TAGS = (
    "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored",
    "HighBit", "PixelRepresentation", "PlanarConfiguration", "WindowCenter", "WindowWidth", "VOILUTFunction",
    "RescaleIntercept", "RescaleSlope", "ModalityLUTSequence", "VOILUTSequence", "PixelData",
)  # fmt: skip


def read_dicom(content: bytes) -> np.ndarray:
    """Decode a single-frame DICOM image as a viewer would show it.

    Applies the modality and window/level transforms, and inverts MONOCHROME1, so that air is dark.

    Parameters
    ----------
    content : bytes
        The whole file.

    Returns
    -------
    ndarray of shape (height, width), uint8

    Raises
    ------
    ImageError
        If there are no pixels, several frames, no decoder for the compression, or the file is broken.
    """
    import pydicom
    from pydicom.pixels import apply_modality_lut, apply_voi_lut

    try:
        data = pydicom.dcmread(io.BytesIO(content), specific_tags=list(PIXEL_TAGS))
    except Exception:
        raise ImageError("The DICOM file is broken; export it again.") from None
    _check(data)
    try:
        pixels = apply_voi_lut(apply_modality_lut(data.pixel_array, data), data)
    except Exception:
        raise ImageError(
            "The DICOM pixels cannot be decoded: the file is cut short or its compression is not supported; "
            "export it uncompressed or as PNG."
        ) from None
    if pixels.ndim == 3:
        pixels = pixels.mean(axis=-1)
    grey = stretch(np.asarray(pixels, dtype=np.float32))
    return 255 - grey if data.get("PhotometricInterpretation") == "MONOCHROME1" else grey


def _check(data) -> None:
    if "PixelData" not in data:
        raise ImageError("The DICOM file holds no image; choose the file of the radiograph itself.")
    frames = int(data.get("NumberOfFrames") or 1)
    if frames > 1:
        raise ImageError(f"The DICOM file holds {frames} frames; export the one frame to use.")
    if int(data.Rows) * int(data.Columns) > MAX_PIXELS:
        raise ImageError(f"The image has more than {MAX_PIXELS // 10**6} million pixels; scale it down before using it.")
