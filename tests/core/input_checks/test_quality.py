"""What a picture alone tells: each check on a picture with that fault, and silence on a plain one."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.datasets.phantom.write import radiograph
from core.input_checks import check_quality, is_refused
from core.input_checks.quality import colour_distance, longest_text_line
from tests.core.images.encoders import dicom


@pytest.fixture(scope="module")
def film():
    return radiograph(np.random.default_rng(2), "bacterial", 224).image


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def written(film, text):
    picture = Image.fromarray(film.copy())
    ImageDraw.Draw(picture).text((12, 12), text, fill=255, font=ImageFont.load_default(size=14))
    return np.asarray(picture)


def kinds(pixels, width=1200, height=1000, source=None):
    return {finding.kind: finding.level for finding in check_quality(source or png(pixels), pixels, width, height)}


def test_a_plain_film_passes(film):
    assert kinds(film) == {}


@pytest.mark.parametrize(("spread", "level"), [(2.0, "refuse"), (8.0, "warn"), (20.0, None)])
def test_blank_and_faint(spread, level):
    pixels = np.full((64, 64), 100, np.uint8)
    pixels[::2] = round(100 + 2 * spread)  # standard deviation: half the difference
    assert kinds(pixels).get("blank") == level


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(100, 100, {"size": "warn"}), (300, 1000, {"shape": "warn"}), (2000, 700, {"shape": "warn"}), (1200, 600, {})],
)
def test_size_and_shape(film, width, height, expected):
    assert kinds(film, width, height) == expected


def test_colour_is_the_distance_of_the_channels(film):
    rgb = np.repeat(film[..., np.newaxis], 3, axis=-1)
    assert colour_distance(png(film)) == 0
    assert colour_distance(png(rgb)) == 0
    assert colour_distance(png(np.full((80, 80, 3), (200, 150, 100), np.uint8))) == 100
    tinted = rgb.copy()
    tinted[..., 2] = np.maximum(rgb[..., 2].astype(int) - 10, 0)
    assert kinds(film, source=png(tinted)) == {"colour": "warn"}
    assert kinds(film, source=png(np.dstack([film, 255 - film, film]))) == {"colour": "refuse"}


def test_colour_of_a_dicom(film):
    assert colour_distance(dicom(film)) == 0
    assert colour_distance(dicom(np.dstack([film] * 3), allocated=8, photometric="RGB")) == 0
    red = np.dstack([np.full_like(film, 200), np.full_like(film, 50), np.full_like(film, 50)])
    assert colour_distance(dicom(red, allocated=8, photometric="RGB")) == 150


def test_colours_under_transparent_pixels_are_not_seen(film):
    hidden = np.dstack([np.full_like(film, 255), np.zeros_like(film), np.zeros_like(film), np.zeros_like(film)])
    assert colour_distance(png(hidden)) == 0


def test_a_line_of_writing_is_found_and_a_side_marker_is_not(film):
    assert longest_text_line(film) == 0
    assert longest_text_line(written(film, "R")) <= 1
    assert longest_text_line(written(film, "DOE JANE 1970")) >= 5
    assert kinds(written(film, "DOE JANE 1970")) == {"text": "warn"}


def test_only_a_refusal_refuses(film):
    assert not is_refused(check_quality(png(film), film, 100, 100))
    assert is_refused(check_quality(png(film), np.zeros_like(film), 1000, 1000))
