"""PNG files of 16 bits a channel, which Pillow cuts to 8 unless they are plain grey: all their bits."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageFile

from core.images.limits import ImageError, check_memory

HEADER_END = 33  # signature, then the IHDR chunk, which always comes first
SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 50_000  # encoders write pieces of 8 kB and more
DEPTH, COLOUR = 24, 25  # places of one byte each
GREY, RGB, GREY_ALPHA, RGB_ALPHA = 0, 2, 4, 6
PEAK = {GREY: 6, RGB: 20, GREY_ALPHA: 20, RGB_ALPHA: 28}  # bytes a pixel


def is_deep(content: bytes) -> bool:
    """Whether a PNG has 16 bits a channel."""
    return len(content) >= HEADER_END and content[12:16] == b"IHDR" and content[DEPTH] == 16


def check_chunks(content: bytes) -> None:
    """Raise ImageError if a PNG is cut into more pieces than its reader gets through in a moment."""
    at, n = len(SIGNATURE), 0
    while at < len(content) and n <= MOST_CHUNKS:
        at, n = at + 12 + int.from_bytes(content[at : at + 4], "big"), n + 1
    if n > MOST_CHUNKS:
        raise ImageError("The PNG is cut into far more pieces than a picture needs, so it takes too long to open; save it again.")


def read_deep(content: bytes) -> tuple[np.ndarray, np.ndarray | None]:
    """All 16 bits of a PNG.

    Parameters
    ----------
    content : bytes
        Of a file that `is_deep`.

    Returns
    -------
    ndarray of shape (height, width, 1 or 3), uint16
    ndarray of shape (height, width), uint8, or None
        How opaque each pixel is.
    """
    kind = content[COLOUR]
    width, height = struct.unpack(">II", content[16:DEPTH])
    check_memory(width * height, PEAK.get(kind, 1))
    if kind == GREY_ALPHA:
        samples = _as_rgba(content).view(">u2").astype(np.uint16)
    elif kind == GREY:
        samples = np.asarray(_open(content), dtype=np.uint16)[..., np.newaxis]
    else:
        samples = _both_bytes(content)
    if kind in (GREY_ALPHA, RGB_ALPHA):
        return samples[..., :-1], np.rint(samples[..., -1] / 257).astype(np.uint8)
    return samples, _keyed(samples, _open(content).info.get("transparency"))


def _open(content: bytes) -> ImageFile.ImageFile:
    return Image.open(io.BytesIO(content), formats=("PNG",))


def _as_rgba(content: bytes) -> np.ndarray:
    """The bytes of grey and alpha, four a pixel: the file is read as one of four channels of 8 bits, which lie just so."""
    header = content[12:DEPTH] + bytes([8, RGB_ALPHA]) + content[COLOUR + 1 : HEADER_END - 4]
    return np.asarray(_open(content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[HEADER_END:]))


def _both_bytes(content: bytes) -> np.ndarray:
    """Colours, decoded once for their high bytes and once, as if the low byte came last, for the low ones."""
    high, low = _open(content), _open(content)
    low.tile = [tile._replace(args=str(tile.args).replace(";16B", ";16L")) for tile in low.tile]
    return (np.asarray(high).astype(np.uint16) << 8) | np.asarray(low)


def _keyed(samples: np.ndarray, transparent: int | tuple[int, ...] | None) -> np.ndarray | None:
    """The alpha of a file that names one colour as transparent."""
    if transparent is None:
        return None
    return np.where((samples == np.array(transparent, np.uint16)).all(axis=-1), 0, 255).astype(np.uint8)
