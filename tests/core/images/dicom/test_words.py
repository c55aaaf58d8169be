"""Which bits of a word are the pixel, and which pixels are padding."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from core.images import ImageError, read_grey
from tests.core.images.encoders import dicom, draw_film

FILM = draw_film(13)
VALUES = FILM.astype(np.int64) * 8 + 100
RIM = np.zeros(FILM.shape, bool)
RIM[:, :5] = RIM[:, -5:] = True


def assert_padded(content: bytes, within: int = 1, rim: np.ndarray = RIM) -> None:
    grey = read_grey(content)
    assert np.abs(grey.astype(int) - FILM)[~rim].max() <= within
    assert not grey[rim].any()


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(("signed", "padding"), [(0, 65535), (0, 0), (1, -32768), (1, 32767), (1, -2000)])
def test_padding_is_black_and_takes_no_part_in_the_range(signed, padding, photometric):
    values = 100 + 255 * 8 + 100 - VALUES if photometric == "MONOCHROME1" else VALUES
    element = (0x00280120, "SS" if signed else "US", padding)
    assert_padded(dicom(np.where(RIM, padding, values), signed=signed, photometric=photometric, elements=(element,)))


@pytest.mark.parametrize("syntax", ["explicit", "implicit", "big"])
@pytest.mark.parametrize("vr", ["US", "SS", "OW", "UN"])
def test_padding_written_in_another_way(vr, syntax):
    """Unsigned where pixels are signed, and as bytes: -2000 is 63536 is F8 30."""
    raw = struct.pack(">h" if syntax == "big" else "<h", -2000)
    element = (0x00280120, vr, {"US": 63536, "SS": -2000}.get(vr, raw))
    assert_padded(dicom(np.where(RIM, -2000, VALUES), signed=1, syntax=syntax, elements=(element,)))


@pytest.mark.parametrize("ends", [(3000, 3500), (3500, 3000)])
def test_padding_may_be_a_range(ends):
    words = np.where(RIM, np.arange(56) * 9 + 3000, VALUES)
    assert_padded(dicom(words, elements=((0x00280120, "US", ends[0]), (0x00280121, "US", ends[1]))))


def test_padding_beyond_the_stored_bits_spares_the_white_pixels():
    """All 16 bits set: with 12 of them, the value would be that of true white."""
    white = np.rint(FILM / 255 * 4095).astype(int)
    assert_padded(dicom(np.where(RIM, 65535, white), stored=12, elements=((0x00280120, "US", 65535),)))


def test_padding_in_a_window_is_black_too():
    window = {"WindowCenter": 100 + 1020 + 0.5, "WindowWidth": 2041}
    assert_padded(dicom(np.where(RIM, 65535, VALUES), elements=((0x00280120, "US", 65535),), **window))


@pytest.mark.parametrize(("vr", "value"), [("LO", "none"), ("OW", b""), ("UL", 2**20)])
def test_padding_that_no_pixel_can_be_is_passed_over(vr, value):
    assert np.abs(read_grey(dicom(VALUES, elements=((0x00280120, vr, value),))).astype(int) - FILM).max() <= 1


def test_a_picture_of_padding_alone_is_black():
    assert not read_grey(dicom(np.full(FILM.shape, 9), elements=((0x00280120, "US", 9),))).any()


def test_a_hot_pixel_does_not_press_the_others_to_black():
    hot = VALUES.copy()
    hot[3, 3] = 65535
    others = np.arange(FILM.size).reshape(FILM.shape) != 3 * 56 + 3
    assert np.array_equal(read_grey(dicom(hot))[others], read_grey(dicom(VALUES))[others])


OVERLAYS = tuple(
    element
    for group, bit in enumerate((0, 1, 12, 13, 14, 15))
    for element in ((0x60000100 + (group << 17), "US", 16), (0x60000102 + (group << 17), "US", bit))
)


@pytest.mark.parametrize("signed", [0, 1])
@pytest.mark.parametrize("high", [11, 13, 15])
def test_bits_lie_where_the_file_says(high, signed):
    """Twelve bits in sixteen, the bits below them full of something else, and those above full of overlays."""
    values = np.rint(FILM / 255 * 4095).astype(np.int64) - 2048 * signed
    noise = np.random.default_rng(0).integers(0, 2**16, FILM.shape)
    mask = 4095 << (high - 11)
    words = ((values % 4096) << (high - 11)) | (noise & ~mask)
    content = dicom(words, stored=12, high=high, signed=signed, elements=OVERLAYS)
    assert np.abs(read_grey(content).astype(int) - FILM).max() <= 1


@pytest.mark.parametrize("syntax", ["explicit", "implicit", "big", "deflated"])
@pytest.mark.parametrize("signed", [0, 1])
def test_values_of_more_bits_than_the_file_says_are_refused_never_wrapped(signed, syntax):
    words = np.rint(FILM / 255 * 5000).astype(np.int64) - 2500 * signed
    with pytest.raises(ImageError, match=r"12 bits \(BitsStored, HighBit\), and [\d,]+ of 2,240 use more"):
        read_grey(dicom(words, stored=12, signed=signed, syntax=syntax))


def test_an_overlay_that_the_file_does_not_name_is_no_part_of_the_picture():
    words = np.rint(FILM / 255 * 4095).astype(np.int64) | ((FILM.astype(np.int64) % 7 == 0) << 15)
    assert np.abs(read_grey(dicom(words, stored=12)).astype(int) - FILM).max() <= 1


def test_colours_of_more_bits_than_the_file_says_are_refused():
    words = np.repeat(np.rint(FILM / 255 * 5000).astype(np.int64)[..., np.newaxis], 3, axis=-1)
    with pytest.raises(ImageError, match="use more"):
        read_grey(dicom(words, stored=12, photometric="RGB"))


def test_a_negative_number_keeps_its_sign_whether_or_not_it_fills_the_word():
    values = np.rint(FILM / 255 * 4095).astype(np.int64) - 2048
    for words in (values, values % 4096):
        assert np.abs(read_grey(dicom(words, stored=12, signed=1)).astype(int) - FILM).max() <= 1


def test_a_picture_that_mistakes_itself_for_signed_is_refused():
    with pytest.raises(ImageError, match="PixelRepresentation"):
        read_grey(dicom(np.rint(FILM / 255 * 4095).astype(np.int64), stored=12, signed=1))


@pytest.mark.parametrize("high", [12, 13, 15])
def test_a_high_bit_is_passed_over_where_every_word_says_otherwise(high):
    words = np.rint(FILM / 255 * 4095).astype(np.int64)
    assert np.abs(read_grey(dicom(words, stored=12, high=high)).astype(int) - FILM).max() <= 1


def test_colours_lie_where_the_file_says():
    words = np.repeat((np.rint(FILM / 255 * 4095).astype(np.int64) << 4)[..., np.newaxis], 3, axis=-1) | 7
    assert np.abs(read_grey(dicom(words, stored=12, high=15, photometric="RGB")).astype(int) - FILM).max() <= 1


@pytest.mark.parametrize("high", [3, 40])
def test_a_high_bit_that_cannot_be_is_passed_over(high):
    assert np.abs(read_grey(dicom(VALUES, high=high)).astype(int) - FILM).max() <= 1
