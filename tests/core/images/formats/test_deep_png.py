"""PNG files of 16 bits a channel: as bright as plain grey ones, transparent where they say so."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from core.images import ImageError, limits, read_grey, read_with_header
from core.input_checks.quality import colour_distance
from tests.core.images.encoders import chunk, draw_film, png

FILM = draw_film(12)
TWELVE = np.rint(FILM / 255 * 4095).astype(np.uint16)[..., np.newaxis]
OPAQUE = np.full_like(TWELVE, 65535)


@pytest.mark.parametrize(
    ("samples", "colour", "mode"),
    [
        (TWELVE, 0, "I;16"),
        (np.repeat(TWELVE, 3, axis=-1), 2, "RGB"),
        (np.concatenate([TWELVE, OPAQUE], axis=-1), 4, "RGBA"),
        (np.concatenate([TWELVE] * 3 + [OPAQUE], axis=-1), 6, "RGBA"),
    ],
)
def test_twelve_bits_are_as_bright_in_every_kind(samples, colour, mode):
    grey, header = read_with_header(png(samples, colour))
    assert np.abs(grey.astype(int) - FILM).max() <= 1
    assert header.mode == mode


def test_low_bytes_are_kept():
    """A ramp of 0 to 255 in the low bytes alone would be black if they were dropped."""
    ramp = np.tile(np.arange(56, dtype=np.uint16), (40, 1))[..., np.newaxis] + 512
    assert read_grey(png(np.repeat(ramp, 3, axis=-1), 2))[0].tolist() == np.rint(np.arange(56) / 55 * 255).tolist()


@pytest.mark.parametrize("colour", [4, 6])
def test_hidden_pixels_are_black_and_take_no_part_in_the_range(colour):
    hidden, alpha = TWELVE.copy(), OPAQUE.copy()
    hidden[:, :6], alpha[:, :6] = 65535, 0
    expected = FILM.copy()
    expected[:, :6] = 0
    grey = read_grey(png(np.concatenate([hidden] * (colour // 2 * 2 - 3) + [alpha], axis=-1), colour))
    assert np.abs(grey.astype(int) - expected).max() <= 1


@pytest.mark.parametrize(("colour", "fields"), [(0, 1), (2, 3)])
def test_one_value_may_be_named_transparent(colour, fields):
    value = int(TWELVE[20, 30, 0])
    key = chunk(b"tRNS", struct.pack(f">{fields}H", *[value] * fields))
    grey = read_grey(png(np.repeat(TWELVE, fields, axis=-1), colour, before=key))
    assert np.abs(grey.astype(int) - np.where(TWELVE[..., 0] == value, 0, FILM)).max() <= 1


@pytest.mark.parametrize("depth", [2, 4])
def test_a_transparent_grey_of_few_bits_is_found(depth):
    top = 2**depth - 1
    levels = np.rint(FILM / 255 * top).astype(int)
    grey = read_grey(png(levels[..., np.newaxis], 0, depth, before=chunk(b"tRNS", struct.pack(">H", top))))
    assert np.array_equal(grey, np.where(levels == top, 0, levels * (255 // top)))


def test_colours_of_sixteen_bits_are_seen_by_the_screening():
    red = np.concatenate([TWELVE, TWELVE // 4, TWELVE // 4], axis=-1)
    assert colour_distance(png(red, 2)) > 50
    assert colour_distance(png(np.repeat(TWELVE, 3, axis=-1), 2)) == 0
    assert colour_distance(png(TWELVE, 0)) == 0


def test_memory_is_asked_for_before_it_is_used(monkeypatch):
    monkeypatch.setattr(limits, "MAX_MEMORY", 4_000)
    with pytest.raises(ImageError, match="MB of memory to open, more than"):
        read_grey(png(TWELVE, 0))


def test_a_gamma_leaves_the_samples_as_they_are():
    """Other readers of such files for models do the same: what is stored is what is shown."""
    assert np.array_equal(read_grey(png(FILM[..., np.newaxis], 0, 8, before=chunk(b"gAMA", struct.pack(">I", 100_000)))), FILM)


def test_a_cut_file_is_refused():
    with pytest.raises(ImageError, match="cut short"):
        read_grey(png(np.repeat(TWELVE, 3, axis=-1), 2)[:-400])
