"""Bytes or a file (JPEG, PNG, TIFF, BMP, WebP or DICOM) to a grey uint8 array: the one door for every image."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import InputError
from core.signatures import kind_of as kind_of

Resize = Literal["squash", "pad"]
Source = str | Path | bytes

MAX_BYTES = 64 * 2**20
MAX_PIXELS = 64_000_000
MIN_SIDE = 16
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")
SUFFIXES = (".jpeg", ".jpg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".dcm")

TOO_MANY_PIXELS = f"The image has more than {MAX_PIXELS // 10**6} million pixels; scale it down before using it."

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # `check_size` refuses what this only warns of
warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # broken metadata beside good pixels


class ImageError(InputError):
    """An image that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Header:
    """What an image file says of itself before its pixels are decoded.

    Attributes
    ----------
    width, height : int
        Stored size in pixels.
    mode : str
        Pillow mode, such as ``"L"`` or ``"RGB"``; ``"DICOM"`` for DICOM files.
    quantisation_sum : int or None
        Sum of the 64 entries of the JPEG luminance quantisation table (small = high quality); None if not a JPEG.
    """

    width: int
    height: int
    mode: str
    quantisation_sum: int | None


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
    if content[128:132] == b"DICM":
        from core.dicom import read_dicom

        grey = read_dicom(content)
        header = Header(grey.shape[1], grey.shape[0], "DICOM", None)
        return np.asarray(fit(Image.fromarray(grey), size, resize)), header
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        header = _checked_header(picture)
        picture.decodermaxblock = len(content)  # one call decodes it all, so that threads seldom wait for Python's lock
        if size:
            picture.draft("L", (size, size))
        return np.asarray(fit(_to_grey(picture), size, resize)), header
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(
            "The content is not a JPEG, PNG, TIFF, BMP, WebP or DICOM image; export the radiograph in one of these formats."
        ) from None
    except Image.DecompressionBombError:
        raise ImageError(TOO_MANY_PIXELS) from None
    except Exception as error:  # decoders raise OSError, SyntaxError, ValueError, struct.error and more on broken files
        raise ImageError(f"The image is broken or cut short ({_plain(error)}); copy or export the file again.") from None


def to_rgb(grey: np.ndarray) -> np.ndarray:
    """Repeat grey images over three channels: (..., height, width) to (..., height, width, 3), dtype kept."""
    return np.repeat(grey[..., np.newaxis], 3, axis=-1)


def read_content(source: Source) -> bytes:
    """The bytes of an image file, at most `MAX_BYTES` of them; raises ImageError if it is missing, too large, empty or locked."""
    content = source if isinstance(source, bytes) else _read_file(source)
    if len(content) > MAX_BYTES:
        raise ImageError(f"The file has more than {MAX_BYTES // 2**20} MB; export the radiograph alone, or compressed.")
    if not content:
        raise ImageError("The file is empty; copy or export it again.")
    return content


def _read_file(path: str | Path) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)  # never more, whatever the file claims to hold
    except (FileNotFoundError, ValueError):  # a ValueError is a null byte in the name
        raise ImageError(f"There is no file {Path(path).name!r}; check the path.") from None
    except IsADirectoryError:
        raise ImageError(f"{Path(path).name!r} is a folder; give one image file.") from None
    except OSError as error:
        raise ImageError(f"The file cannot be read ({error.strerror}); check its permissions.") from None


def _checked_header(picture: Image.Image) -> Header:
    frames = getattr(picture, "n_frames", 1) if picture.format != "MPO" else 1
    if frames > 1:
        raise ImageError(f"The file is animated or has several pages ({frames}); save the one frame to use as its own file.")
    check_size(picture.width, picture.height)
    tables = getattr(picture, "quantization", None)
    quantisation_sum = int(sum(tables[min(tables)])) if tables else None
    return Header(picture.width, picture.height, picture.mode, quantisation_sum)


def _to_grey(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        return Image.fromarray(stretch(np.asarray(picture, dtype=np.float32)))
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "black"), picture)
    ImageOps.exif_transpose(picture, in_place=True)
    return picture if picture.mode == "L" else picture.convert("L")


def check_size(width: int, height: int) -> None:
    """Raise ImageError unless there are enough pixels to show a chest, and not so many that memory is at risk."""
    if min(width, height) < MIN_SIDE:
        raise ImageError(f"The image is {width}×{height} pixels; at least {MIN_SIDE}×{MIN_SIDE} are needed.")
    if width * height > MAX_PIXELS:
        raise ImageError(TOO_MANY_PIXELS)


def stretch(values: np.ndarray, limits: tuple[float, float] | None = None) -> np.ndarray:
    """Scale linearly to uint8 [0, 255].

    Parameters
    ----------
    values : ndarray of float
        Infinite values take the nearer end; NaN becomes black.
    limits : (float, float), optional
        Become black and white; the smallest and largest finite value if None. A constant image then becomes black.
    """
    finite = values[np.isfinite(values)]
    low, high = limits or ((float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0))
    if high <= low:
        return np.zeros(values.shape, np.uint8)
    return np.rint(np.nan_to_num(np.clip((values - low) / (high - low), 0, 1)) * 255).astype(np.uint8)


def fit(picture: Image.Image, size: int | None, resize: Resize) -> Image.Image:
    """A picture at size × size, stretched or padded with black; unchanged if `size` is None."""
    if size is None or picture.size == (size, size):
        return picture
    if resize == "pad":
        return ImageOps.pad(picture, (size, size), Image.Resampling.BILINEAR, color=0)
    return picture.resize((size, size), Image.Resampling.BILINEAR)


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
