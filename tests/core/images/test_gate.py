"""Every file that is small and wants much: refused, or shown, within the limits of the process that decodes it."""

from __future__ import annotations

import io
import os
import struct
import time

import numpy as np
import pytest
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, RLELossless

from core.bounded import Exceeded
from core.images import ImageError, gate, read_grey
from tests.core.images import bombs
from tests.core.images.encoders import draw_film
from tests.core.images.peaks import forget_peaks, peak


def encoded(kind: str, side: int, mode: str = "L", **options) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (side, side)).save(buffer, kind, **options)
    return buffer.getvalue()


BOMBS = {
    "progressive JPEG of 10,000 scans": (lambda: bombs.scans(10_000), "more parts than a picture needs"),
    "the same in DICOM": (lambda: bombs.dicom_jpeg(bombs.scans(10_000), 2000), "more parts than a picture needs"),
    "JPEG of a million comments": (lambda: bombs.comments(10**6), "more parts than a picture needs"),
    "JPEG of another size in DICOM": (lambda: bombs.dicom_jpeg(encoded("JPEG", 6000), 64), "holds 6000×6000"),
    "JPEG 2000 of another size in DICOM": (
        lambda: bombs.dicom_file(64, 64, JPEG2000Lossless, encapsulate([encoded("JPEG2000", 2000)]), 8), "holds 2000×2000",
    ),
    "WebP of 64 million pixels": (bombs.webp, "MB of memory"),
    "PNG RGB of 16 bits": (lambda: bombs.png_of(6000, 6000, 2, 16), "MB of memory"),
    "PNG of a million pieces": (lambda: bombs.png_of(64, 64, 0)[:33] + bombs.chunk(b"tEXt", b"a\0b") * 10**6, "more pieces"),
    "TIFF of 40,000 pages": (lambda: bombs.tiff_pages(40_000), "several pages"),
    "BMP of very wide rows": (bombs.bmp_of_jumps, "a side has at most 65,535"),
    "deflated DICOM of 256 MB": (lambda: bombs.deflated(2**28), "unpacks to more than 128 MB"),
    "run lengths of 62 million pixels": (bombs.dicom_rle, "MB of memory"),
    "DICOM of many elements": (lambda: bombs.many_elements(7 * 10**6), "more than 2 seconds"),
}  # fmt: skip
LARGE = {
    "PNG RGBA of 64 million pixels": lambda: bombs.png_of(8000, 8000, 6),
    "grey PNG of 16 bits": lambda: bombs.png_of(7900, 7900, 0, 16),
    "WebP of 20 million pixels": lambda: bombs.webp(5000, 4000),
}


@pytest.fixture(autouse=True)
def _own_peak():
    """A process that has opened nothing large yet, as far as `peak` tells."""
    gate.read_grey(encoded("PNG", 32))
    forget_peaks()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_one_sentence(name):
    make, expected = BOMBS[name]
    content, began = make(), time.process_time()
    with pytest.raises(ImageError, match=expected) as refusal:
        gate.read_grey(content)
    assert str(refusal.value).endswith(".") and len(str(refusal.value)) < 220
    assert peak() < 500 * 10**6 and time.process_time() - began < 3


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_the_largest_pictures_stay_within_the_memory(name):
    assert gate.read_grey(LARGE[name]()).size >= 20_000_000
    assert peak() < 500 * 10**6


def test_run_lengths_never_unpack_to_more_than_the_picture():
    """A segment of 4 MB that says 256 MB, in a picture of 4,096 bytes."""
    segment = struct.pack("<16I", 1, 64, *([0] * 14)) + b"\x81\7" * 2**21
    assert np.unique(read_grey(bombs.dicom_file(64, 64, RLELossless, encapsulate([segment]), 8))).tolist() == [0]  # constant: black


def test_a_good_film_is_the_same_as_in_this_process():
    content = encoded("PNG", 32, "RGB")
    film = io.BytesIO()
    Image.fromarray(draw_film(3)).save(film, "JPEG")
    for source in (content, film.getvalue()):
        (grey, header), (expected, same) = (
            gate.read_with_header(source, 24),
            (read_grey(source, 24), gate.reading.read_with_header(source)[1]),
        )
        assert np.array_equal(grey, expected) and header == same
    assert gate.read_colours(content, 16).shape == (16, 16, 3)


def test_what_ends_the_process_is_refused_and_the_next_film_is_read():
    with pytest.raises(Exceeded, match="ends the program that opens it"):
        gate.POOL.run(os._exit, 3)
    with pytest.raises(Exceeded, match="more than 500 MB of memory"):
        gate.POOL.run(bytearray, 10**9)
    assert gate.read_grey(encoded("PNG", 32)).shape == (32, 32)


def test_bytes_that_say_nothing_of_a_film():
    assert gate.stated(b"") == gate.stated(b"text") == gate.Stated()
