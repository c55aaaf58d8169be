"""The bytes of an image file to a picture of 8 bits a channel, whatever the format, depth and order of its samples."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from PIL import ExifTags, Image, ImagePalette, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from core.images.formats.deep_png import check_chunks, is_deep, read_deep
from core.images.formats.jpeg_scans import check_scans
from core.images.formats.signatures import kind_of
from core.images.formats.tiff import read_samples
from core.images.formats.tiff_layout import layout_of
from core.images.formats.webp_header import check_webp
from core.images.intensity import to_picture
from core.images.limits import MAX_PIXELS, TOO_MANY_PIXELS, ImageError, check_size

VERSION = 2  # raise it when any file decodes to another picture, so that stored pixels are made anew
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")
PNG_DEPTH = 24  # place of that byte
PNG_EXIF = (b"eXIf", b"Raw profile type exif", b"XML:com.adobe.xmp")
COLORMAP = 320
BAND = 2**22  # pixels whose transparency is reckoned with at a time
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip

BEFORE = {"JPEG": check_scans, "PNG": check_chunks, "WEBP": check_webp}  # what is looked at before a decoder is

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # `check_size` refuses what this only warns of
warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # broken metadata beside good pixels


@dataclass(frozen=True)
class Header:
    """What an image file says of itself before its pixels are decoded.

    Attributes
    ----------
    width, height : int
        Size in pixels as shown: after the turn that the file asks for.
    mode : str
        Pillow mode, such as ``"L"`` or ``"RGB"``; ``"DICOM"`` for DICOM files.
    quantisation_sum : int or None
        Sum of the 64 entries of the JPEG luminance quantisation table (small = high quality); None if not a JPEG.
    """

    width: int
    height: int
    mode: str
    quantisation_sum: int | None


def open_image(content: bytes, mode: Literal["L", "RGB"] = "L", size: int | None = None) -> tuple[Image.Image, Header, int]:
    """What a file shows, in 8 bits a channel, without transparency.

    Parameters
    ----------
    content : bytes
    mode : {"L", "RGB"}
        What a JPEG is decoded to, and a picture with transparency.
    size : int, optional
        A JPEG is scaled down while it is decoded, to no less than this side.

    Returns
    -------
    Image
        As stored: not turned, perhaps not loaded yet.
    Header
    int
        Its EXIF orientation, for `turned`.
    """
    kind = kind_of(content)
    if kind == "DICOM":
        from core.images.dicom.reading import read_dicom

        picture = Image.fromarray(read_dicom(content))
        return picture, Header(*picture.size, "DICOM", None), 1
    if kind in BEFORE:
        BEFORE[kind](content)
    layout = layout_of(content) if kind == "TIFF" else None
    if layout and not layout.read_well_by_pillow:
        picture = to_picture(*read_samples(content, layout))
        return _without_alpha(picture, mode), _header(picture, layout.mode, layout.orientation), layout.orientation
    return _open_with_pillow(content, mode, size)


def _open_with_pillow(content: bytes, mode: str, size: int | None) -> tuple[Image.Image, Header, int]:
    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    _check(picture)
    picture.decodermaxblock = len(content)  # one call decodes it all, so that threads seldom wait for Python's lock
    _mend(picture, content)
    orientation = _orientation(picture, content)
    header = _header(picture, picture.mode, orientation)
    if picture.format == "PNG" and is_deep(content):
        return _without_alpha(to_picture(*read_deep(content)), mode), header, orientation
    if size:
        picture.draft(mode, (size, size))
    return _without_alpha(picture, mode), header, orientation


def turned(picture: Image.Image, orientation: int) -> Image.Image:
    """A stored picture as it is to be shown."""
    return picture.transpose(TURNS[orientation]) if orientation in TURNS else picture


def _check(picture: Image.Image) -> None:
    if picture.format != "MPO" and getattr(picture, "is_animated", False):  # to count a TIFF's pages takes the square of their number
        raise ImageError("The file is animated or has several pages; save the one frame to use as its own file.")
    check_size(picture.width, picture.height)


def _header(picture: Image.Image, mode: str, orientation: int) -> Header:
    tables = getattr(picture, "quantization", None)
    width, height = picture.size if orientation < 5 else picture.size[::-1]
    return Header(width, height, mode, int(sum(tables[min(tables)])) if tables else None)


def _orientation(picture: Image.Image, content: bytes) -> int:
    """The turn that is still to be made; 1 if none."""
    if picture.format == "TIFF":  # turned by Pillow
        picture.load()
        return 1
    if picture.format == "PNG" and not any(word in content for word in PNG_EXIF):  # to look behind the pixels would decode them
        return 1
    found = picture.getexif().get(ExifTags.Base.Orientation, 1)
    return found if found in TURNS else 1


def _mend(picture: Image.Image, content: bytes) -> None:
    """What Pillow takes from two kinds of file as it stands, though it is in another unit."""
    if picture.format == "PNG" and picture.mode == "L" and isinstance(picture.info.get("transparency"), int):
        picture.info["transparency"] *= 255 // (2 ** content[PNG_DEPTH] - 1)  # a grey of 2 or 4 bits
    if isinstance(picture, TiffImageFile) and picture.mode in ("P", "PA"):
        levels = picture.tag_v2[COLORMAP]
        if max(levels) < 256:  # 8 bits where 16 belong
            picture.palette = ImagePalette.raw("RGB;L", bytes(levels))


def _without_alpha(picture: Image.Image, mode: str) -> Image.Image:
    """On black, if parts of the picture are transparent; band by band, as copies of a whole one would fill the memory."""
    if picture.mode not in ("RGBA", "LA", "PA", "La", "RGBa") and "transparency" not in picture.info:
        return picture
    shown, step = Image.new(mode, picture.size), max(1, BAND // picture.width)
    for top in range(0, picture.height, step):
        band = picture.crop((0, top, picture.width, min(top + step, picture.height))).convert("RGBA")
        shown.paste(Image.alpha_composite(Image.new("RGBA", band.size, "black"), band).convert(mode), (0, top))
    return shown


@contextmanager
def worded(content: bytes) -> Iterator[None]:
    """Turn whatever decoders raise into an ImageError of one sentence."""
    try:
        yield
    except (ImageError, ImportError):  # a program that lacks a part of itself says nothing of the picture
        raise
    except UnidentifiedImageError:
        kind = kind_of(content)
        raise ImageError(
            f"The {kind} file is broken, or of a sort that is not read here; export the radiograph as an ordinary PNG or JPEG."
            if kind
            else "The content is not a JPEG, PNG, TIFF, BMP, WebP or DICOM image; export the radiograph in one of these formats."
        ) from None
    except Image.DecompressionBombError:
        raise ImageError(TOO_MANY_PIXELS) from None
    except Exception as error:  # decoders raise OSError, SyntaxError, ValueError, struct.error and more on broken files
        raise ImageError(f"The image is broken or cut short ({_plain(error)}); copy or export the file again.") from None


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
