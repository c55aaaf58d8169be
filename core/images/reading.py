"""Read an image: its content, its header, its grey pixels at a size."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageOps

from core.files.regular import open_regular
from core.images.decoding import Header, open_image, turned, worded
from core.images.formats.signatures import kind_of
from core.images.limits import MAX_BYTES, ImageError

Resize = Literal["squash", "pad"]
Source = str | Path | bytes

GREY = ("1", "L", "I", "I;16", "I;16B", "F", "DICOM")  # modes of files without colours and without transparency in parts
SUFFIXES = (".jpeg", ".jpg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".dcm")


def read_grey(source: Source, size: int | None = None, resize: Resize = "squash") -> np.ndarray:
    """Decode one image to 8-bit grey.

    Parameters
    ----------
    source : str, Path or bytes
        A file, or its content.
    size : int, optional
        Side of the square result in pixels; the stored size if None. JPEG files are then scaled down while they are
        decoded (libjpeg's DCT scaling), which skips most of the work on full-size radiographs.
    resize : {"squash", "pad"}
        How a picture that is not square is fitted: stretched, or centred on black with its aspect kept.

    Returns
    -------
    ndarray of shape (height, width), uint8
        Intensities in [0, 255].

    Raises
    ------
    ImageError
        If the content is not a usable image.
    """
    return read_with_header(source, size, resize)[0]


def read_with_header(source: Source, size: int | None = None, resize: Resize = "squash") -> tuple[np.ndarray, Header]:
    """Decode one image to 8-bit grey and keep its header; parameters and errors as `read_grey`."""
    content = read_content(source)
    with worded(content):
        picture, header, orientation = open_image(content, "L", size)
        picture = picture if picture.mode == "L" else picture.convert("L")  # the colours are let go of: they take four times as much
        picture = fit(turned(picture, orientation), size, resize)
        return np.asarray(picture), header


def read_colours(source: Source, side: int) -> np.ndarray | None:
    """The colours of an image at (side, side, 3), uint8, not turned; None if it is grey. Errors as `read_grey`."""
    content = read_content(source)
    if kind_of(content) == "DICOM" and not _is_coloured_dicom(content):
        return None
    with worded(content):
        picture = open_image(content, "RGB", side)[0]
        if picture.mode in ("1", "L"):
            return None
        return np.asarray(picture.convert("RGB").resize((side, side), Image.Resampling.BOX))


def read_whole(content: bytes, side: int) -> tuple[np.ndarray, Header, np.ndarray | None, bool]:
    """What `read_with_header` gives at the stored size and `read_colours` at (side, side, 3), from one decoding of what is no JPEG.

    The last part says whether the colours are known: those of a palette or beside transparency take more memory, and are left out.
    """
    with worded(content):
        picture, header, orientation = open_image(content, "L")
        colours, known = None, picture.mode == "RGB" or header.mode in GREY
        if picture.mode == "RGB":
            colours = np.asarray(picture.resize((side, side), Image.Resampling.BOX))
        picture = picture if picture.mode == "L" else picture.convert("L")
        return np.asarray(turned(picture, orientation)), header, colours, known


def to_rgb(grey: np.ndarray) -> np.ndarray:
    """Repeat grey images over three channels: (..., height, width) to (..., height, width, 3), dtype kept.

    Parameters
    ----------
    grey : ndarray of shape (..., height, width)

    Returns
    -------
    ndarray of shape (..., height, width, 3)
    """
    return np.repeat(grey[..., np.newaxis], 3, axis=-1)


def read_content(source: Source) -> bytes:
    """The bytes of an image file, at most `MAX_BYTES` of them.

    Parameters
    ----------
    source : str, Path, bytes or file

    Returns
    -------
    bytes

    Raises
    ------
    ImageError
        If it is missing, too large, empty or locked.
    """
    content = source if isinstance(source, bytes) else _read_file(source)
    if len(content) > MAX_BYTES:
        raise ImageError(f"The file has more than {MAX_BYTES // 2**20} MB; export the radiograph alone, or compressed.")
    if not content:
        raise ImageError("The file is empty; copy or export it again.")
    return content


def _read_file(path: str | Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(MAX_BYTES + 1)  # never more, whatever the file claims to hold
    except (FileNotFoundError, ValueError):  # a ValueError is a null byte in the name
        raise ImageError(f"There is no file {Path(path).name!r}; check the path.") from None
    except IsADirectoryError:
        raise ImageError(f"{Path(path).name!r} is a folder; give one image file.") from None
    except OSError as error:
        raise ImageError(f"The file cannot be read ({error.strerror}); check its permissions.") from None


def _is_coloured_dicom(content: bytes) -> bool:
    from core.images.dicom.reading import is_coloured

    return is_coloured(content)


def fit(picture: Image.Image, size: int | None, resize: Resize) -> Image.Image:
    """A picture at size × size, stretched or padded with black; unchanged if `size` is None.

    Parameters
    ----------
    picture : PIL.Image.Image
    size : int or None
        Side in pixels.
    resize : {"squash", "pad"}

    Returns
    -------
    PIL.Image.Image
    """
    if size is None or picture.size == (size, size):
        return picture
    if resize == "pad":
        return ImageOps.pad(picture, (size, size), Image.Resampling.BILINEAR, color=0)
    return picture.resize((size, size), Image.Resampling.BILINEAR)
