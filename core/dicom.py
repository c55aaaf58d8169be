"""One DICOM file to grey pixels. Only pixel data and how to show it are read; patient tags never leave this module."""

from __future__ import annotations

import io
import logging
import warnings

import numpy as np

from core.images import ImageError, check_size, stretch

PIXEL_TAGS = (
    "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored",
    "HighBit", "PixelRepresentation", "PlanarConfiguration", "WindowCenter", "WindowWidth", "VOILUTFunction",
    "RescaleIntercept", "RescaleSlope", "ModalityLUTSequence", "VOILUTSequence", "PixelData",
)  # fmt: skip
warnings.filterwarnings("ignore", module="pydicom")  # its warnings and log lines quote what tags hold
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
PHOTOMETRIC = {  # channels of each kind of picture
    "MONOCHROME1": 1, "MONOCHROME2": 1, "RGB": 3, "YBR_FULL": 3, "YBR_FULL_422": 3, "YBR_ICT": 3, "YBR_RCT": 3, "YBR_PARTIAL_420": 3,
    "YBR_PARTIAL_422": 3,
}  # fmt: skip
EXTREMES = np.array([-(2**31), 2**31 - 1])  # beyond any stored value, so that a window maps them to its black and white


def read_dicom(content: bytes) -> np.ndarray:
    """Decode a single-frame DICOM image as a viewer would show it.

    Applies the modality and window/level transforms, and inverts MONOCHROME1, so that air is dark. Without a window the
    smallest value is black and the largest white.

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

    try:
        data = pydicom.dcmread(io.BytesIO(content), specific_tags=list(PIXEL_TAGS))
        _check(data)
    except ImageError:
        raise
    except Exception:
        raise ImageError("The DICOM file is broken; export it again.") from None
    try:
        with np.errstate(all="ignore"):
            grey = stretch(*_displayed(data))
    except Exception:
        raise ImageError("The DICOM pixels cannot be decoded: the file is cut short or broken; export it again, or as PNG.") from None
    return 255 - grey if data.PhotometricInterpretation == "MONOCHROME1" else grey


def _check(data) -> None:
    if "PixelData" not in data:
        raise ImageError("The DICOM file holds no image; choose the file of the radiograph itself.")
    frames = int(data.get("NumberOfFrames") or 1)
    if frames > 1:
        raise ImageError(f"The DICOM file holds {frames} frames; export the one frame to use.")
    _check_photometric(data)
    check_size(int(data.Columns), int(data.Rows))
    _check_decoder(data)


def _check_photometric(data) -> None:
    """The tag says how values become grey: a wrong one would show a picture nobody took."""
    meaning = str(data.get("PhotometricInterpretation") or "nothing")
    if meaning == "PALETTE COLOR":
        raise ImageError("The DICOM image is coloured by a palette; export it as grey.")
    channels = PHOTOMETRIC.get(meaning)
    if channels is None:
        raise ImageError(f"The DICOM tag PhotometricInterpretation says {meaning[:16]!r}, which is no kind of picture; export it again.")
    if channels != int(data.get("SamplesPerPixel") or 1):
        raise ImageError(
            f"The DICOM file says {meaning}, of {channels} channel{'s' * (channels > 1)}, but has {data.SamplesPerPixel}; export it again."
        )


def _check_decoder(data) -> None:
    from pydicom.pixels import get_decoder

    syntax = data.file_meta.TransferSyntaxUID
    try:
        available = not syntax.is_compressed or get_decoder(syntax).is_available
    except (NotImplementedError, ValueError):  # not a compression of pictures
        available = False
    if not available:
        name = str(syntax.name)[:60]
        raise ImageError(f"The DICOM pixels are compressed as {name}, with no decoder here; export it uncompressed or as PNG.")


def _displayed(data) -> tuple[np.ndarray, tuple[float, float] | None]:
    """Pixel values as a viewer maps them, and which of them are black and white (None: the smallest and largest)."""
    from pydicom.pixels import apply_modality_lut, apply_voi_lut

    pixels = data.pixel_array
    if pixels.ndim == 3:
        return pixels.mean(axis=-1), (0.0, 2.0**data.BitsStored - 1)
    values = apply_modality_lut(pixels, data)
    try:
        ends = apply_voi_lut(EXTREMES, data)
        shown = apply_voi_lut(values, data)
    except Exception:  # a window of no width, say: the pixels are good all the same
        return values, None
    return shown, None if ends is EXTREMES else (float(ends.min()), float(ends.max()))
