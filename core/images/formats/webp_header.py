"""The size of a WebP, read before its decoder sets memory aside for it (RFC 9649)."""

from __future__ import annotations

from core.images.limits import check_memory, check_size

PEAK = 17  # bytes a pixel: two canvases of four, a copy and the picture


def check_webp(content: bytes) -> None:
    """Raise ImageError if a WebP is too large; what is broken is left to its decoder."""
    if size := _size(content[12:30]):
        check_size(*size)
        check_memory(size[0] * size[1], PEAK)


def _size(chunk: bytes) -> tuple[int, int] | None:
    kind, data = chunk[:4], chunk[8:]
    if len(data) < 10:
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
