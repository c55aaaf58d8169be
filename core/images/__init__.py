"""Bytes or a file (JPEG, PNG, TIFF, BMP, WebP or DICOM) to a grey uint8 array: the one door for every image."""

from core.images.decoding import FORMATS, Header
from core.images.formats.signatures import kind_of
from core.images.intensity import stretch
from core.images.limits import MAX_BYTES, MIN_SIDE, ImageError
from core.images.reading import SUFFIXES, Resize, Source, fit, read_colours, read_content, read_grey, read_with_header, to_rgb

__all__ = [
    "FORMATS", "MAX_BYTES", "MIN_SIDE", "SUFFIXES", "Header", "ImageError", "Resize", "Source", "fit", "kind_of", "read_colours",
    "read_content", "read_grey", "read_with_header", "stretch", "to_rgb",
]  # fmt: skip
