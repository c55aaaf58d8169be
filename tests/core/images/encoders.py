"""Image files written byte by byte: layouts that Pillow and pydicom read or ought to read, but do not write."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pydicom
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
    generate_uid,
)

MIRRORED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))  # of Adam7: x, y, steps
SYNTAXES = {
    "explicit": ExplicitVRLittleEndian, "implicit": ImplicitVRLittleEndian, "big": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}  # fmt: skip
AS_STORED = {  # how a picture has to lie in the file to be shown upright under each EXIF orientation
    1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1], 5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a), 7: lambda a: a[::-1, ::-1].swapaxes(0, 1), 8: lambda a: np.rot90(a, -1),
}  # fmt: skip


def draw_film(seed: int, height: int = 40, width: int = 56) -> np.ndarray:
    """A smooth grey picture with a little noise, uint8, that has a patch of 0 and one of 255."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / np.array([height, width]).reshape(2, 1, 1)
    a, b, c, d = rng.uniform(1, 6, 4)
    film = np.clip(128 + 70 * np.sin(a * x + b * y) + 45 * np.cos(c * x - d * y) + rng.normal(0, 3, x.shape), 1, 254).astype(np.uint8)
    tall, wide = height // 20, width // 14
    film[5 : 5 + tall, 5 * wide : 6 * wide], film[5 : 5 + tall, 8 * wide : 9 * wide] = 0, 255
    return film


def pack(values: np.ndarray, bits: int) -> bytes:
    """Rows of numbers without gaps, each row to a whole byte."""
    rows = values.reshape(len(values), -1, 1).astype(np.int64)
    return np.packbits(((rows >> np.arange(bits - 1, -1, -1)) & 1).astype(np.uint8).reshape(len(values), -1), axis=1).tobytes()


def tiff(
    samples: np.ndarray,
    photometric: int = 1,
    *,
    order: str = "<",
    bits: int | None = None,
    rows_per_strip: int | None = None,
    tile: tuple[int, int] | None = None,
    planar: int = 1,
    compression: int = 1,
    predictor: int = 1,
    fill_order: int = 1,
    **tags: list[int],
) -> bytes:
    """A TIFF of samples (height, width, n); `bits` packs them closer than their type, `tags` are more numbers by ``t338`` and so on."""
    height, width, n = samples.shape
    planes = [samples] if planar == 1 else [samples[..., i : i + 1] for i in range(n)]
    blocks = [block for plane in planes for block in _blocks(plane, tile, rows_per_strip or height)]
    packed = [_packed(block, order, bits, compression, predictor) for block in blocks]
    packed = [data.translate(MIRRORED_BITS) if fill_order == 2 else data for data in packed]
    offsets, counts = [8 + sum(map(len, packed[:i])) for i in range(len(packed))], [len(data) for data in packed]
    kind = {"u": 1, "i": 2, "f": 3}[samples.dtype.kind]
    entries = {
        256: [width], 257: [height], 258: [bits or samples.dtype.itemsize * 8] * n, 259: [compression], 262: [photometric],
        266: [fill_order], 277: [n], 284: [planar], 339: [kind] * n,
    } | ({317: [predictor]} if predictor > 1 else {})  # fmt: skip
    entries |= (
        {322: [tile[0]], 323: [tile[1]], 324: offsets, 325: counts}
        if tile
        else {273: offsets, 278: [rows_per_strip or height], 279: counts}
    )
    return _tiff_file(order, b"".join(packed), entries | {int(tag[1:]): numbers for tag, numbers in tags.items()})


def _blocks(plane: np.ndarray, tile: tuple[int, int] | None, rows: int) -> list[np.ndarray]:
    height, width = plane.shape[:2]
    if not tile:
        return [plane[y : y + rows] for y in range(0, height, rows)]
    padded = np.pad(plane, ((0, -height % tile[1]), (0, -width % tile[0]), (0, 0)))
    return [padded[y : y + tile[1], x : x + tile[0]] for y in range(0, height, tile[1]) for x in range(0, width, tile[0])]


def _packed(block: np.ndarray, order: str, bits: int | None, compression: int, predictor: int) -> bytes:
    size = block.dtype.itemsize
    if bits:
        data = pack(block, bits)
    elif predictor == 2:
        whole = np.ascontiguousarray(block).view(f"u{size}")
        data = np.concatenate([whole[:, :1], whole[:, 1:] - whole[:, :-1]], axis=1).astype(f"{order}u{size}").tobytes()
    elif predictor == 3:
        lanes = np.ascontiguousarray(block.astype(f">f{size}")).view(np.uint8).reshape(len(block), -1, size).transpose(0, 2, 1)
        lanes, n = lanes.reshape(len(block), -1), block.shape[2]
        data = np.concatenate([lanes[:, :n], lanes[:, n:] - lanes[:, :-n]], axis=1).tobytes()
    else:
        data = block.astype(block.dtype.newbyteorder(order)).tobytes()
    return zlib.compress(data) if compression == 8 else data


def _tiff_file(order: str, body: bytes, entries: dict[int, list[int]]) -> bytes:
    body += bytes(len(body) % 2)
    behind, directory, values = 8 + len(body) + 6 + 12 * len(entries), b"", b""
    for tag, numbers in sorted(entries.items()):
        packed = struct.pack(f"{order}{len(numbers)}I", *numbers)
        if len(numbers) > 1:
            packed, values = struct.pack(order + "I", behind + len(values)), values + packed
        directory += struct.pack(order + "HHI", tag, 4, len(numbers)) + packed
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(body))
    return head + body + struct.pack(order + "H", len(entries)) + directory + bytes(4) + values


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(samples: np.ndarray, colour: int, depth: int = 16, *, filtering: int = 0, interlaced: bool = False, before=b"", after=b"") -> bytes:
    """A PNG of samples (height, width, n); `before` and `after` are chunks around its pixels."""
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in PASSES] if interlaced else [samples]
    data = zlib.compress(b"".join(_filtered(part, depth, filtering) for part in passes))
    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, colour, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + after + chunk(b"IEND", b"")


def _filtered(samples: np.ndarray, depth: int, filtering: int) -> bytes:
    lines = np.frombuffer(pack(samples, depth), np.uint8).reshape(len(samples), -1).astype(int)
    step = max(1, samples.shape[2] * depth // 8)
    up = np.pad(lines, ((1, 0), (0, 0)))[:-1]
    left, corner = (np.pad(part, ((0, 0), (step, 0)))[:, : lines.shape[1]] for part in (lines, up))
    guess = left + up - corner
    near = [abs(guess - part) for part in (left, up, corner)]
    paeth = np.where((near[0] <= near[1]) & (near[0] <= near[2]), left, np.where(near[1] <= near[2], up, corner))
    coded = lines - [np.zeros_like(lines), left, up, (left + up) // 2, paeth][filtering]
    return np.insert(coded % 256, 0, filtering, axis=1).astype(np.uint8).tobytes()


def dicom(
    words: np.ndarray,
    *,
    syntax: str = "explicit",
    preamble: bool = True,
    meta: bool = True,
    allocated: int = 16,
    stored: int | None = None,
    high: int | None = None,
    signed: int = 0,
    photometric: str = "MONOCHROME2",
    elements: tuple[tuple[int, str, object], ...] = (),
    **tags,
) -> bytes:
    """A DICOM file of words (height, width) or (height, width, 3), written modulo their size."""
    data, order = pydicom.Dataset(), ">" if syntax == "big" else "<"
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = SecondaryCaptureImageStorage, generate_uid(), "DX"
    data.Rows, data.Columns, data.SamplesPerPixel = *words.shape[:2], 1 if words.ndim == 2 else 3
    if words.ndim == 3:
        data.PlanarConfiguration = tags.setdefault("PlanarConfiguration", 0)
        words = np.moveaxis(words, -1, 0) if data.PlanarConfiguration else words
    stored = stored or allocated
    data.PhotometricInterpretation, data.PixelRepresentation = photometric, signed
    data.BitsAllocated, data.BitsStored, data.HighBit = allocated, stored, stored - 1 if high is None else high
    pixels = (words.astype(np.int64) % 2**allocated).astype(f"{order}u{allocated // 8}").tobytes()
    data.add_new(0x7FE00010, "OW" if allocated > 8 else "OB", pixels)
    for name, value in tags.items():
        setattr(data, name, value)
    for element in elements:
        data.add_new(*element)
    return _dicom_file(data, syntax, preamble, meta)


def _dicom_file(data: pydicom.Dataset, syntax: str, preamble: bool, meta: bool) -> bytes:
    buffer = io.BytesIO()
    if not meta:
        pydicom.dcmwrite(buffer, data, little_endian=syntax != "big", implicit_vr=syntax == "implicit")
        return buffer.getvalue()
    data.file_meta = pydicom.dataset.FileMetaDataset()
    data.file_meta.TransferSyntaxUID = SYNTAXES[syntax]
    data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
    pydicom.dcmwrite(buffer, data, enforce_file_format=True)
    return buffer.getvalue() if preamble else buffer.getvalue()[132:]
