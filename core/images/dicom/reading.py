"""One DICOM file to grey pixels. Only pixel data and how to show it are read; patient tags never leave this module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.counted import counted
from core.images.dicom.bits import OVERLAY_TAGS
from core.images.dicom.frame import check_frame
from core.images.intensity import to_picture
from core.images.limits import ImageError, check_memory, check_size

if TYPE_CHECKING:
    import pydicom

PIXEL_TAGS = (
    "SamplesPerPixel", "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored",
    "HighBit", "PixelRepresentation", "PlanarConfiguration", "WindowCenter", "WindowWidth", "VOILUTFunction",
    "RescaleIntercept", "RescaleSlope", "ModalityLUTSequence", "VOILUTSequence", "PixelPaddingValue", "PixelPaddingRangeLimit", "PixelData",
    "FloatPixelData", "DoubleFloatPixelData",
)  # fmt: skip
ALLOCATED = (1, 8, 16, 32)
PHOTOMETRIC = {  # channels of each kind of picture
    "MONOCHROME1": 1, "MONOCHROME2": 1, "RGB": 3, "YBR_FULL": 3, "YBR_FULL_422": 3, "YBR_ICT": 3, "YBR_RCT": 3,
}  # fmt: skip
PEAK = 8.5  # copies of the stored words at the peak of their decoding
JPEG_2000_ONLY = ("YBR_ICT", "YBR_RCT")  # colours that its decoder turns back


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
    except ImageError:
        raise
    except Exception:
        raise ImageError("The DICOM pixels cannot be decoded: the file is cut short or broken; export it again, or as PNG.") from None


def is_coloured(content: bytes) -> bool:
    """Whether a DICOM file says that it has several channels; its pixels are not read."""
    from core.images.dicom.file import dataset_of

    try:
        data = dataset_of(content, ["SamplesPerPixel"], stop_before_pixels=True)
        return int(data.get("SamplesPerPixel") or 1) > 1
    except Exception:  # `read_dicom` says what is wrong with it
        return False


def _opened(content: bytes) -> pydicom.Dataset:
    """The data set, with a transfer syntax: without the part of the file that names it, its elements show how they are written."""
    from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

    from core.images.dicom.file import dataset_of

    data = dataset_of(content, [*PIXEL_TAGS, *OVERLAY_TAGS])
    if "TransferSyntaxUID" not in data.file_meta:
        implicit, little = data.original_encoding
        if "PixelData" in data and data["PixelData"].is_undefined_length:
            raise ImageError("The DICOM file does not say how its pixels are compressed (TransferSyntaxUID); export it again.")
        data.file_meta.TransferSyntaxUID = (
            ExplicitVRBigEndian if not little else ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
        )
    return data


def _check(data: pydicom.Dataset) -> None:
    if "FloatPixelData" in data or "DoubleFloatPixelData" in data:
        raise ImageError("The DICOM file holds a map of fractions, not a radiograph; choose the file of the radiograph itself.")
    if "PixelData" not in data:
        raise ImageError("The DICOM file holds no image; choose the file of the radiograph itself.")
    frames = int(data.get("NumberOfFrames") or 1)
    if frames > 1:
        raise ImageError(f"The DICOM file holds {frames} frames; export the one frame to use.")
    _check_photometric(data)
    if int(data.BitsAllocated) not in ALLOCATED:
        raise ImageError(f"The DICOM file keeps {data.BitsAllocated} bits a pixel, which are not read here; export it with 8 or 16.")
    check_size(int(data.Columns), int(data.Rows))
    check_memory(int(data.Columns) * int(data.Rows), PEAK * int(data.get("SamplesPerPixel") or 1) * max(1, int(data.BitsAllocated) // 8))
    _check_decoder(data)
    check_frame(data)


def _check_photometric(data: pydicom.Dataset) -> None:
    """The tag says how values become grey: a wrong one would show a picture nobody took."""
    from pydicom.uid import JPEG2000TransferSyntaxes

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
            f"The DICOM file says {meaning}, of {counted(channels, 'channel')}, but has {data.SamplesPerPixel}; export it again."
        )
    if meaning in JPEG_2000_ONLY and data.file_meta.TransferSyntaxUID not in JPEG2000TransferSyntaxes:
        raise ImageError(f"The DICOM file holds {meaning} colours, which belong to JPEG 2000, in another compression; export it as grey.")
    if meaning.startswith("YBR") and int(data.BitsAllocated) > 8:
        raise ImageError(
            f"The DICOM file holds {meaning} colours of {data.BitsAllocated} bits, which are not read here; export it as grey."
        )


def _check_decoder(data: pydicom.Dataset) -> None:
    from pydicom.pixels import get_decoder

    syntax = data.file_meta.TransferSyntaxUID
    try:
        available = not syntax.is_compressed or get_decoder(syntax).is_available
    except (NotImplementedError, ValueError):  # not a compression of pictures
        available = False
    if not available:
        name = str(syntax.name)[:60]
        raise ImageError(f"The DICOM pixels are compressed as {name}, with no decoder here; export it uncompressed or as PNG.")


def _colours(data: pydicom.Dataset) -> np.ndarray:
    """Channels of more than 8 bits show their whole range, as nothing says how much of it is in use."""
    from core.images.dicom.words import read_words

    return np.asarray(to_picture(read_words(data)[0]))


def _grey(data: pydicom.Dataset) -> np.ndarray:
    from core.images.dicom.display import shown_as_grey
    from core.images.dicom.words import read_words

    values, padding = read_words(data)
    padding = None if padding is None or not padding.any() or padding.all() else padding
    grey = shown_as_grey(values, data, padding)
    if data.PhotometricInterpretation == "MONOCHROME1":
        np.subtract(255, grey, out=grey)
    if padding is not None:
        grey[padding] = 0
    return grey
