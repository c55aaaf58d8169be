"""Formats are told by their first bytes, never by their names; what is no image is none."""

from __future__ import annotations

import io
import struct

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from core.images import FORMATS, kind_of
from core.images.formats.signatures import HEAD


@pytest.mark.parametrize("kind", FORMATS)
def test_formats_that_pillow_writes(kind):
    buffer = io.BytesIO()
    Image.new("L", (32, 32)).save(buffer, kind)
    assert kind_of(buffer.getvalue()[:HEAD]) == kind


@pytest.mark.parametrize("options", [{"big_tiff": True}, {"compression": "tiff_lzw"}])
def test_tiff_of_other_layouts(options):
    buffer = io.BytesIO()
    Image.new("L", (32, 32)).save(buffer, "TIFF", **options)
    assert kind_of(buffer.getvalue()) == "TIFF"
    assert kind_of(b"MM\0*" + bytes(20)) == "TIFF"


def data_set(syntax, with_meta: bool, first: str = "SpecificCharacterSet") -> bytes:
    data = pydicom.Dataset()
    setattr(data, first, "ISO_IR 100" if first == "SpecificCharacterSet" else "1.2.840.10008.5.1.4.1.1.1.1")
    data.SOPInstanceUID, data.Modality, data.Rows, data.Columns = "1.2.3", "DX", 2, 2
    if with_meta:
        data.file_meta = pydicom.dataset.FileMetaDataset()
        data.file_meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    little, implicit = syntax != ExplicitVRBigEndian, syntax == ImplicitVRLittleEndian
    options = {} if with_meta else {"little_endian": little, "implicit_vr": implicit}
    pydicom.dcmwrite(buffer, data, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("with_meta", [True, False])
@pytest.mark.parametrize("first", ["SpecificCharacterSet", "SOPClassUID"])
def test_dicom_without_preamble(syntax, with_meta, first):
    content = data_set(syntax, with_meta, first)
    assert content[128:132] != b"DICM"
    assert kind_of(content) == "DICOM"


def test_dicom_whose_preamble_begins_like_a_tiff():
    assert kind_of(b"II*\0".ljust(128, b"\0") + b"DICM") == "DICOM"


@pytest.mark.parametrize(
    "head",
    [
        b"", b"\x08", b"plain text", b"BMI and age of every patient, one a line", b"RIFF1234WAVEfmt ", b"GIF89a" + bytes(50),
        b"\x08\0" * 500, b"\x02\0\0\0" * 200, bytes(HEAD), b"PK\x03\x04" + bytes(100), np.arange(8, 200, dtype="<i8").tobytes(),
        np.arange(2, 200, dtype="<i4").tobytes(), np.arange(8, 200, dtype=">u2").tobytes(), struct.pack("<HHI", 8, 5, 2**31) + bytes(90),
    ],
)  # fmt: skip
def test_anything_else_is_none(head):
    assert kind_of(head) is None


def test_random_bytes_behind_the_group_of_a_data_set_are_none():
    rng = np.random.default_rng(0)
    heads = (b"\x08\0" + rng.bytes(HEAD - 2) for _ in range(2_000))
    assert not any(kind_of(head) for head in heads)
