"""One picture is one picture: whatever the format, depth, zero, byte order, layout and orientation it is written with.

Every film here has a patch of 0 and one of 255, so that stretching leaves it as it is. Files without loss must decode to it within
one grey level (the rounding of two conversions), JPEG at its best quality within six.
"""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.images import ImageError, kind_of, read_grey, read_with_header
from tests.core.images.encoders import AS_STORED, chunk, dicom, draw_film, png, tiff

ORIENTATIONS = st.sampled_from(list(AS_STORED))
SEEDS = st.integers(0, 2**16)
quick = settings(max_examples=120, deadline=None)


def assert_shows(content: bytes, film: np.ndarray, within: int = 1) -> None:
    grey, header = read_with_header(content)
    assert grey.shape == film.shape and (header.height, header.width) == film.shape
    assert np.abs(grey.astype(int) - film).max() <= within


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def at_depth(film: np.ndarray, kind: str, bits: int) -> np.ndarray:
    """The film as numbers of a kind, from the lowest to the highest there is; fractions from 0 to 1."""
    if kind == "f":
        return (film / 255).astype(f"f{bits // 8}")
    levels = np.rint(film / 255 * (2**bits - 1)).astype(np.int64)
    return (levels - (2 ** (bits - 1) if kind == "i" else 0)).astype(f"{kind}{max(bits, 8) // 8 if bits not in (10, 12, 14) else 2}")


def negative(values: np.ndarray, bits: int) -> np.ndarray:
    if values.dtype.kind == "f":
        return 1 - values
    return ~values if values.dtype.kind == "i" else (2**bits - 1 - values).astype(values.dtype)


@st.composite
def tiffs(draw):
    kind, bits = draw(
        st.sampled_from(
            [("u", b) for b in (2, 4, 8, 10, 12, 14, 16, 32)] + [("i", b) for b in (8, 16, 32)] + [("f", b) for b in (16, 32, 64)]
        )
    )
    film, orientation = draw_film(draw(SEEDS)), draw(ORIENTATIONS)
    values = at_depth(np.ascontiguousarray(AS_STORED[orientation](film)), kind, bits)
    whole = bits in (8, 16, 32, 64)
    channels = draw(
        st.sampled_from(["grey", "white is zero", *(["grey and alpha", "colour", "colour and alpha"] if whole and kind != "i" else [])])
    )
    grey = negative(values, bits) if channels == "white is zero" else values
    opaque = np.full_like(grey, 1 if kind == "f" else 2**bits - 1) if "alpha" in channels else None
    samples = np.stack([grey] * (3 if "colour" in channels else 1) + ([] if opaque is None else [opaque]), axis=-1)
    compression = draw(st.sampled_from([1, 8]))
    predictors = [1, *([2] if whole and kind != "f" else []), *([3] if kind == "f" else [])] if compression == 8 else [1]
    tile, rows = draw(st.sampled_from([(None, None), (None, 7), ((16, 16), None), ((32, 16), None)]))
    more = {"t274": [orientation]} | ({"t338": [draw(st.sampled_from([0, 1, 2]))]} if opaque is not None else {})
    content = tiff(
        samples, {"white is zero": 0}.get(channels, 2 if "colour" in channels else 1), order=draw(st.sampled_from("<>")),
        bits=None if whole else bits, tile=tile, rows_per_strip=rows, planar=draw(st.sampled_from([1, 2])), compression=compression,
        predictor=draw(st.sampled_from(predictors)), fill_order=draw(st.sampled_from([1, 2])), **more,
    )  # fmt: skip
    return content, film if bits >= 8 else np.rint(np.rint(film / 255 * (2**bits - 1)) / (2**bits - 1) * 255).astype(int)


@quick
@given(tiffs())
def test_every_tiff_shows_the_same_film(case):
    assert_shows(*case)


@st.composite
def pngs(draw):
    depth, colour = draw(
        st.sampled_from(
            [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (1, 3), (2, 3), (4, 3), (8, 3), (8, 4), (16, 4), (8, 6), (16, 6)]
        )
    )
    film, orientation, top = draw_film(draw(SEEDS)), draw(ORIENTATIONS), 2**depth - 1
    levels = np.rint(film / 255 * top).astype(int)
    stored = np.ascontiguousarray(AS_STORED[orientation](levels))
    opaque = [np.full_like(stored, top)] if colour in (4, 6) else []
    samples = np.stack([stored] * (3 if colour in (2, 6) else 1) + opaque, axis=-1)
    place = draw(st.sampled_from(["before", "after"]))
    chunks = {"before": b"", "after": b"", place: chunk(b"eXIf", exif(orientation).tobytes()[6:])}
    if colour == 3:
        chunks["before"] = chunk(b"PLTE", bytes(round(i * 255 / top) for i in range(top + 1) for _ in range(3))) + chunks["before"]
    content = png(samples, colour, depth, filtering=draw(st.integers(0, 4)), interlaced=draw(st.booleans()), **chunks)
    return content, film if depth >= 8 else np.rint(levels * 255 / top).astype(int)


@quick
@given(pngs())
def test_every_png_shows_the_same_film(case):
    assert_shows(*case)


@st.composite
def dicoms(draw):
    allocated, stored, high = draw(
        st.sampled_from([(8, 8, 7), (16, 16, 15), (16, 12, 11), (16, 12, 15), (16, 12, 13), (16, 10, 9), (32, 32, 31)])
    )
    film, signed, top = draw_film(draw(SEEDS)), draw(st.integers(0, 1)), 2**stored - 1
    photometric = draw(st.sampled_from(["MONOCHROME1", "MONOCHROME2", *(["RGB"] if not signed else [])]))
    shown = 255 - film.astype(int) if photometric == "MONOCHROME1" else film
    lowest = -(2 ** (stored - 1)) if signed else 0
    values = np.rint(shown / 255 * top).astype(np.int64) + lowest
    words = (values % 2**stored) << (high + 1 - stored)
    if draw(st.booleans()) and high + 1 < allocated:
        words |= (film.astype(np.int64) % 7 == 0) << (allocated - 1)  # an overlay in a bit that is no pixel's
    elif high + 1 == stored:
        words = values
    more = {}
    if photometric == "RGB":
        words, more = np.stack([words] * 3, axis=-1), {"PlanarConfiguration": draw(st.integers(0, 1))}
    elif draw(st.booleans()):
        more = {"WindowCenter": [lowest + 2 ** (stored - 1), 7], "WindowWidth": [2**stored, 9]}
    syntax = draw(st.sampled_from(["explicit", "implicit", "big", "deflated"]))
    meta = syntax == "deflated" or draw(st.booleans())
    content = dicom(
        words, syntax=syntax, meta=meta, preamble=meta and draw(st.booleans()), allocated=allocated, stored=stored, high=high,
        signed=signed, photometric=photometric, **more,
    )  # fmt: skip
    return content, film


@quick
@given(dicoms())
def test_every_dicom_shows_the_same_film(case):
    assert kind_of(case[0][:1024]) == "DICOM"
    assert_shows(*case)


PILLOW = {
    "JPEG": (["L", "RGB", "CMYK"], {"quality": 100, "subsampling": 0}, 6), "PNG": (["L", "RGB", "RGBA", "LA", "P", "I;16"], {}, 1),
    "TIFF": (["L", "RGB", "RGBA", "LA", "P", "CMYK", "I;16", "I", "F"], {}, 1), "BMP": (["L", "RGB", "RGBA", "P"], {}, 1),
    "WEBP": (["L", "RGB", "RGBA"], {"lossless": True}, 1),
}  # fmt: skip


@st.composite
def pictures(draw):
    kind = draw(st.sampled_from(list(PILLOW)))
    modes, options, within = PILLOW[kind]
    mode, film, orientation = draw(st.sampled_from(modes)), draw_film(draw(SEEDS)), draw(ORIENTATIONS if kind != "BMP" else st.just(1))
    stored = np.ascontiguousarray(AS_STORED[orientation](film))
    deep = {"I;16": stored.astype(np.uint16) * 257, "I": stored.astype(np.int32) * 9000, "F": stored.astype(np.float32) / 3 - 40}
    picture = Image.fromarray(deep.get(mode, stored))
    picture = picture if mode in ("L", *deep) else picture.convert("RGB").convert(mode) if mode == "CMYK" else picture.convert(mode)
    if kind == "TIFF":
        options = {"compression": draw(st.sampled_from([None, "tiff_lzw", "tiff_adobe_deflate", "packbits"]))}
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options, **({"exif": exif(orientation)} if orientation > 1 else {}))
    return buffer.getvalue(), film, within


@quick
@given(pictures())
def test_every_file_that_pillow_writes_shows_the_same_film(case):
    assert_shows(*case)


@settings(max_examples=40, deadline=None)
@given(pictures(), st.sampled_from([16, 24, 64]), st.sampled_from(["squash", "pad"]))
def test_a_small_reading_is_of_the_upright_film_too(case, size, resize):
    content, film, _ = case
    plain = io.BytesIO()
    Image.fromarray(film).save(plain, "PNG")
    expected = read_grey(plain.getvalue(), size, resize)
    assert np.abs(read_grey(content, size, resize).astype(int) - expected).mean() < 3


FILM = draw_film(0)
SIXTEEN = FILM.astype(np.uint16) * 257
REFUSED = {
    "LAB": (tiff(np.stack([FILM] * 3, axis=-1), 8), "LAB colours"),
    "CMYK of 16 bits in planes": (tiff(np.stack([SIXTEEN] * 4, axis=-1), 5, planar=2), "CMYK colours of 16 bits"),
    "palette of 4 bits in planes": (tiff(FILM[..., np.newaxis] // 16, 3, bits=4, planar=2, t320=[0] * 48), "palette colours of 4 bits"),
    "numbers of 24 bits": (tiff(FILM[..., np.newaxis].astype(np.uint32), bits=24), "whole numbers of 24 bits"),
    "complex numbers": (tiff(SIXTEEN[..., np.newaxis], t339=[5]), "unknown kind"),
    "channels of two depths": (tiff(np.stack([FILM] * 3, axis=-1), 2, t258=[8, 16, 8], planar=2), "different depths"),
    "neither zero": (tiff(SIXTEEN[..., np.newaxis]).replace(b"\x06\x01\x04\0", b"\x07\x01\x04\0"), "zero is black or white"),
    "JPEG 2000 inside": (tiff(FILM[..., np.newaxis], t259=[34712]), "number 34712"),
    "signed alpha": (tiff(np.stack([FILM.astype(np.int16)] * 2, axis=-1), t338=[2]), "transparency"),
    "YBR_RCT without JPEG 2000": (dicom(np.stack([FILM] * 3, axis=-1), allocated=8, photometric="YBR_RCT"), "belong to JPEG 2000"),
    "YBR of 16 bits": (dicom(np.stack([SIXTEEN] * 3, axis=-1), photometric="YBR_FULL"), "YBR_FULL colours of 16 bits"),
    "JPEG of 12 bits": (b"\xff\xd8\xff\xc1\0\x0b\x0c\0\x28\0\x38\x01\x01\x11\0" + bytes(200), "The JPEG file is broken, or of a sort"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_as_it_is_meant_is_refused_with_its_reason(kind):
    content, reason = REFUSED[kind]
    with pytest.raises(ImageError, match=reason) as refusal:
        read_grey(content)
    assert str(refusal.value).endswith(".") and len(str(refusal.value)) < 220
