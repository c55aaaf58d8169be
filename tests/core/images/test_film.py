"""A film is decoded once, and shows the very pixels that each decoding of its file would."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from core.images import ImageError, gate, reading
from core.images.gate import Film
from tests.core.images.encoders import dicom, draw_film, tiff

GREY = draw_film(3)
COLOURED = np.stack([GREY, GREY[::-1], GREY // 2], axis=-1)


def encoded(kind: str, mode: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(COLOURED if mode[0] in "RP" else GREY).convert(mode)
    if mode.endswith("A"):
        picture.putalpha(Image.fromarray(np.where(GREY > 100, 255, 40).astype(np.uint8)))
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


FILES = {
    "PNG": lambda: encoded("PNG", "L"), "coloured PNG": lambda: encoded("PNG", "RGB"), "PNG with a palette": lambda: encoded("PNG", "P"),
    "clear PNG": lambda: encoded("PNG", "RGBA"), "grey clear PNG": lambda: encoded("PNG", "LA"), "bits": lambda: encoded("PNG", "1"),
    "JPEG": lambda: encoded("JPEG", "L"), "coloured JPEG": lambda: encoded("JPEG", "RGB"), "BMP": lambda: encoded("BMP", "RGB"),
    "WebP": lambda: encoded("WEBP", "RGB"), "TIFF": lambda: tiff(GREY[..., np.newaxis]),
    "DICOM": lambda: dicom(GREY.astype(np.uint16) * 16),
    "deep PNG": lambda: encoded("PNG", "I;16"), "turned PNG": lambda: encoded("PNG", "RGB", exif=turn(6)),
}  # fmt: skip
MORE = {"PNG with a palette": 2, "clear PNG": 2, "grey clear PNG": 2}  # colours of these are looked at apart


def turn(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


@pytest.fixture
def decodes(monkeypatch):
    """The functions that the decoding processes were asked for."""
    asked, run = [], gate.POOL.run
    monkeypatch.setattr(gate.POOL, "run", lambda function, *args: (asked.append(function.__name__), run(function, *args))[1])
    return asked


@pytest.mark.parametrize("kind", FILES)
def test_a_film_shows_what_its_file_does(kind, decodes):
    content = FILES[kind]()
    film, questions = Film(content), [(None, "squash"), (24, "squash"), (24, "pad"), (80, "squash")]
    for size, resize in questions * 2:
        pixels, header = gate.read_with_header(film, size, resize)
        expected, of_file = gate.read_with_header(content, size, resize)
        assert np.array_equal(pixels, expected) and header == of_file and not pixels.flags.writeable
    for _ in range(2):
        colours, expected = gate.read_colours(film, gate.COLOUR_SIDE), gate.read_colours(content, gate.COLOUR_SIDE)
        assert (colours is None) == (expected is None) and (colours is None or np.array_equal(colours, expected))
    of_files = 2 * len(questions) + 2
    assert len(decodes) - of_files == (5 if "JPEG" in kind else MORE.get(kind, 1))  # a JPEG once for each size, fit and its colours


def test_a_film_of_a_file_is_the_film(tmp_path):
    (tmp_path / "a.png").write_bytes(FILES["PNG"]())
    film = Film.of(tmp_path / "a.png")
    assert Film.of(film) is film and film.content == FILES["PNG"]()
    with pytest.raises(ImageError, match="no file"):
        Film.of(tmp_path / "b.png")


@pytest.mark.parametrize(
    ("content", "words"), [(FILES["PNG"]()[:200], "broken or cut short"), (b"", "is empty"), (b"\xff\xd8\xff", "JPEG")]
)
def test_a_broken_file_is_refused_each_time(content, words):
    film = Film(content)
    for _ in range(2):
        with pytest.raises(ImageError, match=words):
            gate.read_grey(film)
        with pytest.raises(ImageError, match=words):
            gate.read_colours(film, gate.COLOUR_SIDE)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(ImageError, match="MB; export the radiograph alone"):
        gate.read_grey(Film(FILES["PNG"]()))
