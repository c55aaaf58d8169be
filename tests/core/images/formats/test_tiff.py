"""TIFF files that Pillow alone shows as a negative, nearly black, cut or not at all."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from core.images import ImageError, read_grey, read_with_header
from core.images.formats import tiff as reading
from tests.core.images.encoders import draw_film, tiff

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
FILM = draw_film(11)
DEEP = FILM.astype(np.uint16)[..., np.newaxis] * 257


def difference(content: bytes, expected: np.ndarray = FILM) -> int:
    return int(np.abs(read_grey(content).astype(int) - expected).max())


@pytest.mark.parametrize("order", "<>")
def test_sixteen_bits_whose_zero_is_white_are_no_negative(order):
    assert difference(tiff(65535 - DEEP, 0, order=order)) == 0
    assert difference(tiff(1 - DEEP.astype(np.float32) / 65535, 0, order=order)) <= 1


@pytest.mark.parametrize("order", "<>")
def test_colours_of_twelve_bits_in_sixteen_are_as_bright_as_grey_ones(order):
    twelve = DEEP >> 4
    for content in (tiff(np.repeat(twelve, 3, axis=-1), 2, order=order), tiff(twelve, order=order)):
        assert difference(content) <= 1


def test_a_multiplied_alpha_is_divided_out():
    """Half opaque: colours are stored halved, and shown so on black."""
    half = np.concatenate([DEEP // 2] * 3 + [np.full_like(DEEP, 65535 // 2)], axis=-1)
    assert difference(tiff(half, 2, t338=[1]), np.rint(FILM / 2)) <= 1
    straight = np.concatenate([DEEP] * 3 + [np.full_like(DEEP, 65535 // 2)], axis=-1)
    assert difference(tiff(straight, 2, t338=[2]), np.rint(FILM / 2)) <= 1


def test_signed_and_large_numbers_keep_their_order():
    assert difference(tiff((DEEP.astype(np.int32) - 32768).astype(np.int16))) == 0
    assert difference(tiff((FILM.astype(int) - 128).astype(np.int8)[..., np.newaxis])) == 0
    assert difference(tiff(FILM.astype(np.uint32)[..., np.newaxis] * (2**32 // 256))) == 0  # half of them beyond 2³¹


def test_fractions_that_are_no_numbers_are_black():
    holed = FILM.astype(np.float32)[..., np.newaxis]
    holed[:, :4] = np.nan
    expected = FILM.copy()
    expected[:, :4] = 0
    assert difference(tiff(holed), expected) <= 1


@pytest.mark.parametrize("photometric", [0, 1])
def test_one_channel_said_to_lie_in_planes(photometric):
    assert difference(tiff(FILM[..., np.newaxis] if photometric else 255 - FILM[..., np.newaxis], photometric, planar=2)) == 0
    assert difference(tiff(DEEP if photometric else 65535 - DEEP, photometric, planar=2, rows_per_strip=9)) == 0


def test_a_palette_of_eight_bits_where_sixteen_belong():
    levels = list(range(256)) * 3
    assert difference(tiff(FILM[..., np.newaxis], 3, t320=levels)) == 0
    assert difference(tiff(FILM[..., np.newaxis], 3, t320=[level * 257 for level in levels])) == 0


def test_parts_are_put_together_where_memory_is_short(monkeypatch):
    whole = read_grey(tiff(DEEP, rows_per_strip=3, compression=8))
    monkeypatch.setattr(reading, "BYTES_AT_ONCE", 700)  # two strips
    assert np.array_equal(read_grey(tiff(DEEP, rows_per_strip=3, compression=8)), whole)
    assert np.array_equal(read_grey(tiff(DEEP, tile=(16, 16))), whole)


def test_the_header_is_of_the_picture_as_shown():
    header = read_with_header(tiff(np.rot90(DEEP), order=">", t274=[6]))[1]
    assert (header.width, header.height, header.mode, header.quantisation_sum) == (56, 40, "I;16", None)
    assert read_with_header(tiff(np.repeat(DEEP, 3, axis=-1), 2))[1].mode == "RGB"


def test_large_files_of_the_other_header():
    buffer = io.BytesIO()
    Image.fromarray(DEEP[..., 0]).save(buffer, "TIFF", big_tiff=True)
    assert difference(buffer.getvalue()) == 0


@pytest.mark.parametrize("order", "<>")
def test_a_header_whose_number_is_turned_round(order):
    turned = {"<": b"II\0*", ">": b"MM*\0"}[order]
    assert difference(turned + tiff(65535 - DEEP, 0, order=order)[4:]) == 0
    assert difference(turned + tiff(FILM[..., np.newaxis], order=order)[4:]) == 0


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_orientation_may_stand_in_the_metadata_packet(kind):
    packet = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(np.rot90(FILM)).astype(kind) * kind(257 if kind == np.uint16 else 1)).save(
        buffer, "TIFF", tiffinfo={700: packet}
    )
    assert difference(buffer.getvalue()) == 0
    header = read_with_header(buffer.getvalue())[1]
    assert (header.width, header.height) == (56, 40)


def pages() -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(DEEP[..., 0])
    picture.save(buffer, "TIFF", save_all=True, append_images=[picture])
    return buffer.getvalue()


REFUSED = {
    "two pages": (pages(), "several pages"),
    "no size": (b"II*\0\x08\0\0\0\0\0" + bytes(4), "does not say how large"),
    "too few strips": (tiff(DEEP, rows_per_strip=10, t273=[8, 8]), "contradict"),
    "strips of no height": (tiff(DEEP, t278=[0]), "contradict"),
    "cut short": (tiff(DEEP)[:-100], "cut short"),
    "much of everything": (tiff(DEEP, t256=[8000], t257=[8000], t258=[32]), "contradict|more than 256"),
    "a strip beyond the end": (tiff(DEEP, t273=[10**6]), "cut short"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_refusals(kind):
    content, reason = REFUSED[kind]
    with pytest.raises(ImageError, match=reason):
        read_grey(content)


def test_random_damage_ends_in_a_picture_or_a_sentence():
    rng = np.random.default_rng(4)
    whole = tiff(np.repeat(DEEP, 4, axis=-1), 2, planar=2, compression=8, predictor=2, t338=[1])
    directory = struct.unpack("<I", whole[4:8])[0]
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[int(rng.integers(directory, len(damaged)))] = int(rng.integers(256))
        try:
            assert read_grey(bytes(damaged), 20).shape == (20, 20)
        except ImageError as refusal:
            assert str(refusal).endswith(".") and len(str(refusal)) < 260
