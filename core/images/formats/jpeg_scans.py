"""How much work a JPEG asks for, told by its markers before anything of it is decoded (ITU-T T.81, Annex B)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.images.limits import ImageError, check_memory

MARKER = re.compile(rb"\xff([^\x00\xff])")
BEHIND_A_SCAN = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")  # what ends its coded data: no stuffed byte and no restart
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)
END, SCAN = 0xD9, 0xDA
SCAN_MARKER = bytes((0xFF, SCAN))
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
MOST_SEGMENTS = 5_000  # 64 MB of notes in segments of 64 kB are a thousand
MOST_SCANS = 500  # encoders write ten
MOST_WORK = 2**30  # pixels times scans, each of which may pass over the whole picture
TOO_MANY_SCANS = "The JPEG is made of far more parts than a picture needs, so it takes too long to open; save it again."


def check_scans(content: bytes) -> None:
    """Raise ImageError if a JPEG has more scans or segments than a picture needs; whatever else is wrong is left to its decoder."""
    n_segments, n_scans, n_pixels = 0, 0, 0
    for marker, at in _segments(content):
        n_segments, n_scans = n_segments + 1, n_scans + (marker == SCAN)
        if marker in FRAMES:
            n_pixels = max(n_pixels, _checked_frame(content[at : at + 32], marker in PROGRESSIVE))
        if n_segments > MOST_SEGMENTS or n_scans > MOST_SCANS or n_scans * n_pixels > MOST_WORK:
            raise ImageError(TOO_MANY_SCANS)


def _checked_frame(frame: bytes, progressive: bool) -> int:
    """Pixels of a frame whose size and memory have been looked at."""
    height, width = (int.from_bytes(frame[i : i + 2], "big") for i in (3, 5))
    factors = [(byte >> 4) * (byte & 15) for byte in frame[9 : 8 + 3 * frame[7] : 3]] if len(frame) > 7 else []
    kept = 2 * sum(factors) / max(factors) if progressive and any(factors) else 0  # all coefficients, of two bytes each
    check_memory(height * width, kept + (1 if len(factors) == 1 else 4))
    return height * width


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Marker and place of what follows it, up to the end of the picture."""
    place = MARKER.search(content)
    while place and place[1][0] != END:
        marker, at = place[1][0], place.end()
        yield marker, at
        at += 0 if marker in WITHOUT_LENGTH else max(2, int.from_bytes(content[at : at + 2], "big"))
        place = (BEHIND_A_SCAN if marker == SCAN else MARKER).search(content, at)
