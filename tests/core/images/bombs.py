"""Image files that are small and want very much memory or time: what a stranger may send, made byte by byte."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pydicom
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from tests.core.images.encoders import chunk

EMPTY_SCAN = b"\xff\xda"


def scans(n: int, side: int = 2000) -> bytes:
    """A progressive JPEG whose last scan stands there `n` times more."""
    buffer = io.BytesIO()
    Image.new("L", (side, side), 90).save(buffer, "JPEG", progressive=True)
    content = buffer.getvalue()
    last = content.rindex(EMPTY_SCAN)
    return content[:last] + content[last:-2] * (n + 1) + content[-2:]


def comments(n: int) -> bytes:
    """A JPEG with `n` empty comments before its picture."""
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 90).save(buffer, "JPEG")
    return buffer.getvalue()[:2] + b"\xff\xfe\0\2" * n + buffer.getvalue()[2:]


def directory_of_overlaps(n_entries: int, n_bytes: int) -> bytes:
    """A TIFF directory, or EXIF, each of whose tags claims the same bytes as its value."""
    entries = b"".join(struct.pack("<HHII", 1000 + i, 7, n_bytes, 8) for i in range(n_entries))
    return b"II*\0" + struct.pack("<I", 8 + n_bytes) + bytes(n_bytes) + struct.pack("<H", n_entries) + entries + bytes(4)


def exif_png(n_entries: int, n_bytes: int) -> bytes:
    """A small PNG whose EXIF unfolds."""
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 90).save(buffer, "PNG")
    content = buffer.getvalue()
    return content[:33] + chunk(b"eXIf", directory_of_overlaps(n_entries, n_bytes)) + content[33:]


def png_of(width: int, height: int, colour: int, depth: int = 8) -> bytes:
    """A PNG of zeros, packed well."""
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    packer = zlib.compressobj(9)
    line = bytes(1 + width * channels * depth // 8)
    data = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def webp(width: int = 16383, height: int = 3900) -> bytes:
    """A lossless WebP of one colour."""
    buffer = io.BytesIO()
    Image.new("RGBA", (width, height), (90, 90, 90, 200)).save(buffer, "WEBP", lossless=True, quality=0, method=0)
    return buffer.getvalue()


def tiff_pages(n: int) -> bytes:
    """A TIFF of `n` pages of 32 × 32 pixels."""
    pixels, n_entries = bytes(32 * 32), 9
    size = 2 + 12 * n_entries + 4
    pages = []
    for page in range(n):
        tags = [(256, 32), (257, 32), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 32), (279, 1024)]
        after = 8 + len(pixels) + (page + 1) * size if page + 1 < n else 0
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        pages.append(struct.pack("<H", n_entries) + entries + struct.pack("<I", after))
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + b"".join(pages)


def bmp_of_jumps(width: int = 4_000_000, height: int = 16) -> bytes:
    """A BMP whose run lengths jump over very wide rows."""
    body = b"\0\2\xff\xff" * 4 + b"\0\1"
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(body), 0, 0, 256, 0)
    offset = 14 + len(info) + 1024
    return b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + info + bytes(1024) + body


def dicom_file(rows: int, columns: int, syntax, pixels: bytes, bits: int = 16) -> bytes:
    """A grey DICOM file with such pixel data as it is given."""
    data = pydicom.Dataset()
    data.SOPClassUID, data.SOPInstanceUID = SecondaryCaptureImageStorage, generate_uid()
    data.Rows, data.Columns, data.SamplesPerPixel, data.PhotometricInterpretation = rows, columns, 1, "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = bits
    data.HighBit, data.PixelRepresentation = bits - 1, 0
    data.add_new(0x7FE00010, "OB" if syntax.is_compressed and not syntax.is_deflated else "OW", pixels)
    data["PixelData"].is_undefined_length = syntax.is_encapsulated
    data.file_meta = pydicom.dataset.FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue()


def deflated(n_bytes: int) -> bytes:
    """A DICOM of 64 × 64 pixels, deflated, that carries `n_bytes` of zeros with it."""
    plain = dicom_file(64, 64, DeflatedExplicitVRLittleEndian, bytes(64 * 64 * 2))
    start = _end_of_meta(plain)
    unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(plain[start:])
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    step = 2**24
    packed = [packer.compress(unpacked), packer.compress(struct.pack("<HH2sHI", 0x7FE1, 0x1010, b"OB", 0, n_bytes))]
    packed += [packer.compress(bytes(step)) for _ in range(n_bytes // step)]
    return plain[:start] + b"".join(packed) + packer.flush()


def _end_of_meta(content: bytes) -> int:
    return 132 + 12 + int.from_bytes(content[140:144], "little")


def dicom_rle(side: int = 7900, bits: int = 16) -> bytes:
    """A DICOM of zeros in runs of 128."""
    segment = b"\x81\0" * -(-side * side // 128)
    segment += bytes(len(segment) % 2)
    n = bits // 8
    header = struct.pack("<16I", n, *(64 + i * len(segment) for i in range(n)), *([0] * (15 - n)))
    return dicom_file(side, side, RLELossless, encapsulate([header + segment * n]), bits)


def dicom_jpeg(frame: bytes, side: int) -> bytes:
    """A DICOM with a JPEG inside."""
    return dicom_file(side, side, JPEGBaseline8Bit, encapsulate([frame]), 8)


def ramp(height: int, width: int) -> np.ndarray:
    """A picture that is not constant: float work on it takes every path."""
    return (np.arange(height * width, dtype=np.uint32) % 4000).astype(np.uint16).reshape(height, width)


def many_elements(n: int) -> bytes:
    """A DICOM file with `n` empty elements before its picture."""
    content = dicom_file(64, 64, ExplicitVRLittleEndian, bytes(64 * 64 * 2))
    place = content.index(b"\x28\0\2\0")
    return content[:place] + struct.pack("<HH2sH", 0x19, 0x1000, b"LO", 0) * n + content[place:]
