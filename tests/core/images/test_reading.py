"""Every format and every kind of broken file that a person may bring, and the geometry of what is read."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError
from core.images import ImageError, fit, read_grey, read_with_header, reading, stretch, to_rgb

pytestmark = pytest.mark.filterwarnings("ignore:Image size", "ignore:Tag data")


def encode(picture: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def film() -> Image.Image:
    """A smooth grey picture of 60 × 40 pixels: brightness rises to the right."""
    ramp = np.tile(np.linspace(20, 220, 60), (40, 1)).astype(np.uint8)
    return Image.fromarray(ramp)


def huge_png(side: int = 30_000) -> bytes:
    """A valid grey PNG of side × side black pixels in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(200)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP"])
def test_every_format_gives_the_same_grey(film, kind):
    options = {"quality": 98} if kind in ("JPEG", "WEBP") else {}
    grey = read_grey(encode(film, kind, **options))
    assert grey.shape == (40, 60) and grey.dtype == np.uint8
    assert np.abs(grey.astype(int) - np.asarray(film)).max() <= 4


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("CMYK", "JPEG"), ("YCbCr", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("CMYK", "TIFF")],
)
def test_colour_modes_keep_the_brightness(film, mode, kind):
    grey = read_grey(encode(film.convert(mode), kind))
    assert np.abs(grey.astype(int) - np.asarray(film)).mean() < 4


def test_a_colour_is_read_as_its_luminance():
    red = Image.new("RGB", (32, 32), (255, 0, 0))
    assert np.unique(read_grey(encode(red, "PNG"))).tolist() == [76]  # ITU-R 601: 0.299 · 255


def test_transparent_pixels_are_black():
    picture = Image.new("RGBA", (32, 32), (200, 200, 200, 255))
    picture.paste((200, 200, 200, 0), (0, 0, 16, 32))
    grey = read_grey(encode(picture, "PNG"))
    assert np.unique(grey[:, :16]).tolist() == [0] and np.unique(grey[:, 16:]).tolist() == [200]


def test_sixteen_bit_values_are_scaled_from_darkest_to_brightest():
    values = np.tile(np.linspace(1000, 3000, 32).astype(np.uint16), (32, 1))
    grey = read_grey(encode(Image.fromarray(values), "PNG"))
    assert grey.min() == 0 and grey.max() == 255
    assert np.abs(grey[0].astype(int) - np.linspace(0, 255, 32)).max() <= 1


def test_exif_orientation_is_applied(film):
    exif = Image.Exif()
    exif[0x0112] = 6  # stored rotated: turn by 90 degrees clockwise to see it
    upright = read_grey(encode(film, "JPEG", exif=exif, quality=98))
    assert upright.shape == (60, 40)
    assert upright[5].mean() < upright[-5].mean()
    assert np.ptp(upright[30].astype(int)) < 10


@pytest.mark.parametrize("mode", ["L", "RGBA", "LA", "P", "I;16"])
@pytest.mark.parametrize("orientation", [2, 5, 6])
def test_orientation_holds_with_transparency_and_with_sixteen_bits(film, mode, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = film.transpose({2: Image.Transpose.FLIP_LEFT_RIGHT, 5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90}[orientation])
    picture = Image.fromarray(np.asarray(stored).astype(np.uint16) * 257) if mode == "I;16" else stored.convert(mode)
    assert np.abs(read_grey(encode(picture, "PNG", exif=exif)).astype(int) - np.asarray(film)).max() <= 1


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("RGBA", "PNG"), ("L", "TIFF"), ("RGB", "WEBP")])
def test_the_header_is_of_the_picture_as_shown(mode, kind):
    """A phone's photo lies on its side in the file: 520 wide and 300 high is no odd shape, 300 by 520 would be."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encode(Image.new(mode, (300, 520)), kind, exif=exif)
    for size in (None, 32):
        header = read_with_header(content, size)[1]
        assert (header.width, header.height) == (520, 300)


def test_a_dead_exif_entry_is_no_turn(film):
    exif = Image.Exif()
    exif[0x0112] = 9
    assert read_grey(encode(film, "JPEG", exif=exif)).shape == (40, 60)


def test_broken_exif_does_not_spoil_good_pixels(film):
    assert read_grey(encode(film, "JPEG", exif=b"Exif\0\0not a tiff header")).shape == (40, 60)


def test_a_path_and_its_bytes_are_the_same(film, tmp_path):
    file = tmp_path / "a.png"
    film.save(file)
    assert np.array_equal(read_grey(file), read_grey(file.read_bytes()))
    assert np.array_equal(read_grey(str(file)), read_grey(file))


def test_header_is_of_the_stored_file_not_of_the_scaled_picture():
    content = encode(Image.new("RGB", (800, 640), (90, 90, 90)), "JPEG", quality=75)
    grey, header = read_with_header(content, 64)
    assert grey.shape == (64, 64)
    assert (header.width, header.height, header.mode) == (800, 640, "RGB")
    with Image.open(io.BytesIO(content)) as picture:
        assert header.quantisation_sum == sum(picture.quantization[0])
    assert read_with_header(encode(Image.new("L", (32, 32)), "PNG"))[1].quantisation_sum is None


@pytest.mark.parametrize(("quality", "expected"), [(50, 3688), (100, 64)])
def test_quantisation_sum_is_that_of_the_standard_table(quality, expected):
    """At quality 50 libjpeg uses the table of ITU-T T.81, Annex K, as it is; at 100 every entry is 1."""
    content = encode(Image.new("L", (32, 32), 90), "JPEG", quality=quality)
    assert read_with_header(content)[1].quantisation_sum == expected


def test_squash_fills_the_square_and_pad_keeps_the_aspect():
    white = Image.new("L", (80, 40), 255)
    squashed, padded = (np.asarray(fit(white, 40, rule)) for rule in ("squash", "pad"))
    assert squashed.shape == padded.shape == (40, 40)
    assert squashed.min() == 255
    assert padded[:10].max() == 0 and padded[30:].max() == 0 and padded[10:30].min() == 255
    assert fit(white, None, "squash") is white


def test_pad_keeps_a_circle_round():
    y, x = np.mgrid[:200, :400]
    disc = Image.fromarray((((x - 200) ** 2 + (y - 100) ** 2 < 80**2) * 255).astype(np.uint8))
    grey = read_grey(encode(disc, "PNG"), 100, "pad") > 127
    assert abs(grey.any(axis=0).sum() - grey.any(axis=1).sum()) <= 1
    stretched = read_grey(encode(disc, "PNG"), 100, "squash") > 127
    assert stretched.any(axis=1).sum() > 1.8 * stretched.any(axis=0).sum()


@pytest.mark.parametrize("size", [96, 150, 224, 299])
def test_scaled_decoding_shows_the_shapes_without_aliases_of_the_grain(size):
    """A full-size radiograph: smooth shapes under film grain and a grating far above what the small picture can hold."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:1400, :1800].astype(np.float32)
    shapes = 120 + 60 * np.sin(x / 190) * np.cos(y / 140)
    picture = Image.fromarray(np.clip(shapes + 25 * np.sin(2.7 * x) + rng.normal(0, 8, x.shape), 0, 255).astype(np.uint8))
    content = encode(picture, "JPEG", quality=95)
    truth = np.asarray(Image.fromarray(shapes).resize((size, size), Image.Resampling.BOX))
    with Image.open(io.BytesIO(content)) as full:
        full.load()
        lanczos, nearest = (
            np.abs(np.asarray(full.resize((size, size), rule), dtype=float) - truth).mean()
            for rule in (Image.Resampling.LANCZOS, Image.Resampling.NEAREST)
        )
    error = np.abs(read_grey(content, size) - truth).mean()
    assert error < lanczos + 1  # of 255 grey levels
    assert error < nearest / 8


def test_scaled_decoding_skips_most_of_the_pixels(monkeypatch):
    seen = []
    monkeypatch.setattr(reading, "fit", lambda picture, size, resize: seen.append(picture.size) or fit(picture, size, resize))
    read_grey(encode(Image.new("L", (2000, 1600)), "JPEG"), 224)
    assert seen == [(500, 400)]  # a quarter: the next power, an eighth, would be smaller than 224


BROKEN = {
    "empty": (lambda film: b"", "empty"),
    "text": (lambda film: b"this is not an image", "not a JPEG"),
    "cut JPEG": (lambda film: encode(film, "JPEG")[:-200], "cut short"),
    "cut PNG": (lambda film: encode(film, "PNG")[:60], "cut short"),
    "JPEG of a few bytes": (lambda film: encode(film, "JPEG")[:20], "The JPEG file is broken"),
    "1×1": (lambda film: encode(Image.new("L", (1, 1)), "PNG"), "1×1 pixels; at least 16×16"),
    "30,000×30,000": (lambda film: huge_png(), "64 million pixels"),
    "9,000×9,000": (lambda film: huge_png(9_000), "64 million pixels"),
    "animated GIF": (lambda film: encode(film, "GIF", save_all=True, append_images=[film.rotate(180)]), "not a JPEG"),
    "animated WebP": (lambda film: encode(film, "WEBP", save_all=True, append_images=[film.rotate(180)]), "several pages;"),
    "TIFF of three pages": (lambda film: encode(film, "TIFF", save_all=True, append_images=[film, film]), "several pages;"),
}


@pytest.mark.parametrize("size", [None, 32])
@pytest.mark.parametrize("kind", BROKEN)
def test_broken_content_is_refused_in_one_sentence(film, kind, size):
    make, expected = BROKEN[kind]
    with pytest.raises(ImageError, match=expected) as refusal:
        read_grey(make(film), size)
    assert_one_sentence(str(refusal.value))


def assert_one_sentence(message: str) -> None:
    assert message.endswith(".") and not message[0].islower() and "\n" not in message
    assert ". " not in message and len(message) < 220
    assert "<" not in message and "/tmp" not in message


@pytest.mark.parametrize(
    ("name", "expected"),
    [("missing.png", "no file 'missing.png'"), ("folder", "is a folder; give one"), ("nul\0l.png", "no file"), ("x" * 300, "too long")],
)
def test_paths_that_hold_no_file(tmp_path, name, expected):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ImageError, match=expected) as refusal:
        read_grey(tmp_path / name)
    assert_one_sentence(str(refusal.value))


def test_locked_file(tmp_path, monkeypatch):
    def locked(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.files.regular.os.open", locked)
    with pytest.raises(ImageError, match=r"Permission denied.*check its permissions") as refusal:
        read_grey(tmp_path / "a.png")
    assert_one_sentence(str(refusal.value))


def test_files_are_read_up_to_a_limit_only(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 2**20)
    file = tmp_path / "large.png"
    with file.open("wb") as stream:
        stream.truncate(2**40)  # a sparse terabyte: reading it whole would end the process
    with pytest.raises(ImageError, match="more than 1 MB"):
        read_grey(file)


def test_no_random_damage_escapes_as_another_error(film):
    rng = np.random.default_rng(3)
    refused = 0
    for kind in ("JPEG", "PNG", "TIFF", "WEBP", "BMP"):
        content = encode(film.convert("RGB"), kind)
        for _ in range(60):
            damaged = bytearray(content[: rng.integers(8, len(content) + 1)])
            damaged[rng.integers(len(damaged))] = int(rng.integers(256))
            try:
                assert read_grey(bytes(damaged), 32).shape == (32, 32)
            except ImageError as error:
                refused += 1
                assert str(error)
    assert refused > 100


def test_image_errors_are_input_errors():
    assert issubclass(ImageError, InputError)


def test_stretch_goldens():
    assert stretch(np.array([0.0, 1.0, 2.0])).tolist() == [0, 128, 255]
    assert stretch(np.array([7.0, 7.0])).tolist() == [0, 0]
    assert stretch(np.array([np.nan, 0.0, 10.0])).tolist() == [0, 0, 255]
    assert stretch(np.array([-np.inf, 0.0, 10.0, np.inf])).tolist() == [0, 0, 255, 255]
    assert stretch(np.array([np.nan, np.nan])).tolist() == [0, 0]
    assert stretch(np.array([-5.0, 0.0, 50.0, 200.0]), (0.0, 100.0)).tolist() == [0, 0, 128, 255]


def test_to_rgb_repeats_the_grey():
    grey = np.arange(6, dtype=np.uint8).reshape(1, 2, 3)
    rgb = to_rgb(grey)
    assert rgb.shape == (1, 2, 3, 3) and rgb.dtype == np.uint8
    assert all(np.array_equal(rgb[..., channel], grey) for channel in range(3))
