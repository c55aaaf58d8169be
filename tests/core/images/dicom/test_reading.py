"""DICOM files built here: what a viewer would show, and no word of the patient in any message."""

from __future__ import annotations

import io
import logging
import warnings

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders import JPEGLSLosslessDecoder
from pydicom.uid import (
    MPEG2MPML,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from core.images import ImageError, read_grey, read_with_header

pytestmark = pytest.mark.filterwarnings("ignore:Invalid value")
PATIENT = "Doe^Jane-Secret"


def dicom(pixels: np.ndarray | None, **tags) -> bytes:
    """A file with a patient's name and 16 stored bits, unless `tags` say otherwise."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = SecondaryCaptureImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = generate_uid()
    data.PatientName, data.PatientID, data.PatientBirthDate = PATIENT, "Secret-4711", "19700101"
    if pixels is not None:
        bits = pixels.dtype.itemsize * 8
        data.Rows, data.Columns = pixels.shape[-3:-1] if tags.get("SamplesPerPixel") == 3 else pixels.shape[-2:]
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated, data.BitsStored, data.HighBit = bits, bits, bits - 1
        data.PixelRepresentation = int(pixels.dtype.kind == "i")
        data.PixelData = pixels.tobytes()
        data["PixelData"].VR = "OW"
    for name, value in tags.items():
        setattr(data, name, value)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def ramp() -> np.ndarray:
    """Values 0, 100, … 3100 from left to right, (32, 32) uint16."""
    return np.tile(np.arange(0, 3200, 100, dtype=np.uint16), (32, 1))


def test_without_a_window_smallest_is_black_and_largest_white(ramp):
    grey, header = read_with_header(dicom(ramp))
    assert grey.dtype == np.uint8 and grey.shape == (32, 32)
    assert np.array_equal(grey[0], np.rint(np.arange(32) / 31 * 255).astype(np.uint8))
    assert (header.width, header.height, header.mode, header.quantisation_sum) == (32, 32, "DICOM", None)


def test_monochrome1_is_inverted(ramp):
    assert np.array_equal(read_grey(dicom(ramp, PhotometricInterpretation="MONOCHROME1")), 255 - read_grey(dicom(ramp)))


def test_a_window_shows_what_a_viewer_shows(ramp):
    """DICOM PS3.3 C.11.2.1.2: y = ((x - (c - 0.5)) / (w - 1) + 0.5) · 255, clipped."""
    grey = read_grey(dicom(ramp, WindowCenter=1500, WindowWidth=1001))
    expected = np.clip((ramp - 1499.5) / 1000 + 0.5, 0, 1) * 255
    assert np.abs(grey - expected).max() <= 0.51


def test_a_wide_window_is_not_stretched_to_full_contrast(ramp):
    grey = read_grey(dicom(ramp, WindowCenter=2048, WindowWidth=4096))
    assert grey.min() == 0 and abs(int(grey.max()) - round(3100 / 4095 * 255)) <= 1


def test_the_window_is_in_rescaled_units(ramp):
    plain = read_grey(dicom(ramp, WindowCenter=1500, WindowWidth=1001))
    rescaled = read_grey(dicom(ramp, RescaleSlope=2, RescaleIntercept=-1000, WindowCenter=2000, WindowWidth=2001))
    assert np.abs(plain.astype(int) - rescaled).max() <= 1


def test_a_window_without_width_is_ignored(ramp):
    assert np.array_equal(read_grey(dicom(ramp, WindowCenter=1500, WindowWidth=0)), read_grey(dicom(ramp)))


def test_signed_values(ramp):
    assert np.array_equal(read_grey(dicom(ramp.astype(np.int16) - 1024)), read_grey(dicom(ramp)))


def test_lookup_table():
    item = Dataset()
    item.LUTDescriptor, item.LUTData = [4, 0, 8], [0, 50, 100, 200]
    item["LUTDescriptor"].VR = item["LUTData"].VR = "US"
    pixels = np.tile(np.repeat(np.arange(4, dtype=np.uint16), 8), (32, 1))
    grey = read_grey(dicom(pixels, VOILUTSequence=[item]))
    assert np.unique(grey).tolist() == [0, 64, 128, 255]  # 0, 50, 100 and 200 of a table that ends at 200


def test_a_colour_is_read_as_its_luminance_as_in_any_format():
    rgb = np.zeros((32, 32, 3), np.uint8)
    rgb[..., 0], rgb[..., 1] = 90, 60
    grey = read_grey(dicom(rgb, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0))
    assert np.unique(grey).tolist() == [62]  # ITU-R 601: 0.299 · 90 + 0.587 · 60


def test_it_is_fitted_like_any_image(ramp):
    content = dicom(np.tile(ramp, (1, 2)))
    assert read_grey(content, 24).shape == (24, 24)
    padded = read_grey(content, 24, "pad")
    assert padded[:5].max() == 0 and padded[10].max() > 200


def compressed(pixels, syntax, frame: bytes = bytes(100)) -> bytes:
    """The pixels claim a compression, whatever they hold."""
    data = pydicom.dcmread(io.BytesIO(dicom(pixels)))
    data.file_meta.TransferSyntaxUID = syntax
    data.PixelData = encapsulate([frame])
    data["PixelData"].is_undefined_length = True
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data)
    return buffer.getvalue()


def test_jpeg_2000_is_read_as_it_was_before_compression():
    levels, frame = np.tile(np.arange(0, 256, 8, dtype=np.uint8), (32, 1)), io.BytesIO()
    Image.fromarray(levels).save(frame, "JPEG2000", no_jp2=True, irreversible=False)
    assert np.array_equal(read_grey(compressed(levels, JPEG2000Lossless, frame.getvalue())), read_grey(dicom(levels)))


def truncated(ramp):
    return dicom(ramp)[:-500]


REFUSED = {
    "no pixels": (lambda ramp: dicom(None), "holds no image"),
    "three frames": (lambda ramp: dicom(np.stack([ramp] * 3), NumberOfFrames=3), "3 frames"),
    "cut short": (truncated, "cut short"),
    "header only": (lambda ramp: dicom(ramp)[:140], "broken|holds no image"),
    "1×1": (lambda ramp: dicom(ramp[:1, :1]), "1×1 pixels"),
    "claims 30,000×30,000": (lambda ramp: dicom(ramp, Rows=30_000, Columns=30_000), "64 million pixels"),
    "no rows": (lambda ramp: dicom(ramp, Rows=None), "broken"),
    "compressed as video": (lambda ramp: compressed(ramp, MPEG2MPML), "compressed as MPEG2 Main Profile / Main Level.* no decoder here"),
    "photometric of another number of channels": (lambda ramp: dicom(ramp, PhotometricInterpretation="RGB"), "RGB, of 3 channels"),
    "photometric unknown": (lambda ramp: dicom(ramp, PhotometricInterpretation="MONOCHROME3"), "'MONOCHROME3', which is no kind"),
    "photometric missing": (lambda ramp: dicom(ramp, PhotometricInterpretation=None), "'nothing'"),
    "palette": (lambda ramp: dicom(ramp, PhotometricInterpretation="PALETTE COLOR"), "palette"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refusals_are_one_sentence_and_name_no_patient(ramp, kind, caplog, capsys):
    make, expected = REFUSED[kind]
    content = make(ramp)
    with caplog.at_level(logging.DEBUG), pytest.raises(ImageError, match=expected) as refusal:
        read_grey(content)
    assert str(refusal.value).endswith(".") and (refusal.value.__context__ is None or refusal.value.__suppress_context__)
    streams = capsys.readouterr()
    assert "Secret" not in str(refusal.value) + caplog.text + streams.out + streams.err


def test_a_compression_whose_decoder_is_not_installed_is_named(ramp, monkeypatch):
    monkeypatch.setattr(JPEGLSLosslessDecoder, "_available", {})
    with pytest.raises(ImageError, match=r"compressed as JPEG-LS Lossless .* no decoder here; export it uncompressed or as PNG"):
        read_grey(compressed(ramp, JPEGLSLossless))


def test_broken_compressed_pixels(ramp):
    with pytest.raises(ImageError, match="cut short or broken"):
        read_grey(compressed(ramp, RLELossless))


def test_damage_never_escapes_and_never_quotes_the_patient(ramp, caplog):
    content = dicom(ramp, WindowCenter=1500, WindowWidth=1001)
    rng = np.random.default_rng(5)
    with warnings.catch_warnings(record=True) as warned:
        warnings.filterwarnings("ignore", module="pydicom")
        for _ in range(300):
            damaged = bytearray(content[: rng.integers(200, len(content) + 1)])
            for position in rng.integers(132, min(700, len(damaged)), 2):
                damaged[position] = int(rng.integers(256))
            try:
                assert read_grey(bytes(damaged), 24).shape == (24, 24)
            except ImageError as error:
                assert "Secret" not in str(error)
    assert not any("Secret" in str(item.message) for item in warned)
    assert "Secret" not in caplog.text
