"""One DICOM file to grey pixels. Only pixel data and how to show it are read; patient tags never leave this module."""

from __future__ import annotations

import io
import logging
import warnings

import numpy as np

from core.image_limits import ImageError, check_size
from core.intensity import limits_of, stretch, to_picture

PIXEL_TAGS = (
    "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored",
    "HighBit", "PixelRepresentation", "PlanarConfiguration", "WindowCenter", "WindowWidth", "VOILUTFunction",
    "RescaleIntercept", "RescaleSlope", "ModalityLUTSequence", "VOILUTSequence", "PixelPaddingValue", "PixelPaddingRangeLimit", "PixelData",
)  # fmt: skip
warnings.filterwarnings("ignore", module="pydicom")  # its warnings and log lines quote what tags hold
logging.getLogger("pydicom").setLevel(logging.CRITICAL)
PHOTOMETRIC = {  # channels of each kind of picture
    "MONOCHROME1": 1, "MONOCHROME2": 1, "RGB": 3, "YBR_FULL": 3, "YBR_FULL_422": 3, "YBR_ICT": 3, "YBR_RCT": 3,
}  # fmt: skip
EXTREMES = np.array([-(2**31), 2**31 - 1])  # beyond any stored value, so that a window maps them to its black and white


def read_dicom(content: bytes) -> np.ndarray:
    """Decode a single-frame DICOM image as a viewer would show it.

    Applies the modality and window/level transforms, and inverts MONOCHROME1, so that air is dark. Without a window the
    smallest value is black and the largest white, hot pixels and padding apart. Padding is black.

    Parameters
    ----------
    content : bytes
        The whole file, with or without a preamble.

    Returns
    -------
    ndarray of shape (height, width) or (height, width, 3), uint8

    Raises
    ------
    ImageError
        If there are no pixels, several frames, no decoder for the compression, or the file is broken.
    """
    try:
        data = _opened(content)
        _check(data)
    except ImageError:
        raise
    except Exception:
        raise ImageError("The DICOM file is broken; export it again.") from None
    try:
        with np.errstate(all="ignore"):
            return _colours(data) if int(data.get("SamplesPerPixel") or 1) == 3 else _grey(data)
    except Exception:
        raise ImageError("The DICOM pixels cannot be decoded: the file is cut short or broken; export it again, or as PNG.") from None


def is_coloured(content: bytes) -> bool:
    """Whether a DICOM file says that it has several channels; its pixels are not read."""
    import pydicom

    try:
        data = pydicom.dcmread(io.BytesIO(content), stop_before_pixels=True, force=True, specific_tags=["SamplesPerPixel"])
        return int(data.get("SamplesPerPixel") or 1) > 1
    except Exception:  # `read_dicom` says what is wrong with it
        return False


def _opened(content: bytes):
    """The data set, with a transfer syntax: without the part of the file that names it, its elements show how they are written."""
    import pydicom
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    data = pydicom.dcmread(io.BytesIO(content), force=True, specific_tags=list(PIXEL_TAGS))
    if "TransferSyntaxUID" not in data.file_meta:
        implicit, little = data.original_encoding
        if "PixelData" in data and data["PixelData"].is_undefined_length:
            raise ImageError("The DICOM file does not say how its pixels are compressed (TransferSyntaxUID); export it again.")
        data.file_meta.TransferSyntaxUID = (
            ExplicitVRBigEndian if not little else ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
        )
    return data


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
        raise ImageError(
            f"The DICOM tag PhotometricInterpretation says {meaning[:16]!r}, which is no kind of picture known here; export it as grey."
        )
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


def _colours(data) -> np.ndarray:
    """Channels of more than 8 bits show their whole range, as nothing says how much of it is in use."""
    return np.asarray(to_picture(data.pixel_array))


def _grey(data) -> np.ndarray:
    from core.dicom_words import read_words

    values, padding = read_words(data)
    shown, limits = _displayed(values, data)
    if padding is not None and padding.any() and not padding.all():
        limits = limits or limits_of(shown[~padding])
    else:
        padding = None
    grey = stretch(shown, limits)
    if data.PhotometricInterpretation == "MONOCHROME1":
        grey = 255 - grey
    return grey if padding is None else np.where(padding, np.uint8(0), grey)


def _displayed(pixels: np.ndarray, data) -> tuple[np.ndarray, tuple[float, float] | None]:
    """Stored values as a viewer maps them, and which of them are black and white (None: nothing says)."""
    from pydicom.pixels import apply_modality_lut, apply_voi_lut

    values = apply_modality_lut(pixels, data)
    try:
        ends = apply_voi_lut(EXTREMES, data)
        shown = apply_voi_lut(values, data)
    except Exception:  # a window of no width, say: the pixels are good all the same
        return values, None
    return shown, None if ends is EXTREMES else (float(ends.min()), float(ends.max()))
