"""TIFF files whose samples Pillow cuts to 8 bits, shows as a negative or does not know: any depth, sign, byte order and layout.

Their blocks are unpacked by Pillow's libtiff as if each byte were a grey pixel; what the bytes mean is decided here.
"""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image

from core.images.formats.tiff_layout import DIFFERENCES, WHITE_IS_ZERO, Layout

BYTES_AT_ONCE = 2**25
ROWS_AT_ONCE = 2**22  # pixels, in whole rows, that are unpacked or divided at a time: each takes eight bytes and more then
LONG = 4  # type of every tag written here


def read_samples(content: bytes, layout: Layout) -> tuple[np.ndarray, np.ndarray | None]:
    """The samples of a TIFF, larger ones brighter.

    Parameters
    ----------
    content : bytes
        The whole file.
    layout : Layout

    Returns
    -------
    ndarray of shape (height, width, 1 or 3)
    ndarray of shape (height, width), uint8, or None
        How opaque each pixel is.
    """
    samples = _planes(content, layout) if layout.planar and layout.samples > 1 else _plane(content, layout, layout.samples, 0)
    samples = samples.astype(np.float32) if samples.dtype == np.float16 else samples  # too coarse and too small to reckon in
    colours, alpha = samples[..., : layout.channels], None
    top = 1.0 if layout.kind == "f" else 2.0**layout.bits - 1
    if layout.alpha:
        alpha = np.empty(samples.shape[:2], np.uint8)
        for rows in _bands(samples):
            share = np.clip(samples[rows, :, layout.alpha] / top, 0, 1)
            alpha[rows] = np.rint(share * 255)
            if layout.associated:
                colours[rows] = _divided(colours[rows], share[..., np.newaxis])
    if layout.photometric == WHITE_IS_ZERO:
        colours = -colours if layout.kind == "f" else ~colours if layout.kind == "i" else colours.dtype.type(top) - colours
    return colours if layout.bits >= 8 else colours.astype(np.uint8) * np.uint8(255 // top), alpha


def _bands(values: np.ndarray) -> list[slice]:
    """The rows of an array in parts."""
    step = max(1, ROWS_AT_ONCE // max(1, values[0].size))
    return [slice(first, first + step) for first in range(0, len(values), step)]


def _divided(colours: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Colours before they were multiplied by their opacity; black where nothing is seen of them."""
    whole = np.divide(colours, share, out=np.zeros(colours.shape), where=share > 0)
    if colours.dtype.kind == "u":
        whole = np.minimum(np.rint(whole), np.iinfo(colours.dtype).max)
    return whole.astype(colours.dtype)


def _planes(content: bytes, layout: Layout) -> np.ndarray:
    return np.concatenate([_plane(content, layout, 1, channel) for channel in range(layout.samples)], axis=-1)


def _plane(content: bytes, layout: Layout, samples: int, index: int) -> np.ndarray:
    """One plane of (height, width, samples): rows of blocks, as many at once as memory is to be used for."""
    across, down = -(-layout.width // layout.block_width), -(-layout.height // layout.block_height)
    blocks = range(index * across * down, (index + 1) * across * down)
    row_bytes = -(-layout.block_width * samples * layout.bits // 8)
    step = max(1, BYTES_AT_ONCE // (row_bytes * across * layout.block_height))
    parts = []
    for first in range(0, down, step):
        chosen = blocks[first * across : (first + step) * across]
        n_rows = min(len(chosen) // across * layout.block_height, layout.height - first * layout.block_height)
        packed = _unpacked(content, layout, chosen, row_bytes, across, n_rows)
        parts.append(_numbers(packed.reshape(n_rows * across, row_bytes), layout, samples).reshape(n_rows, -1, samples)[:, : layout.width])
    return np.concatenate(parts)


def _unpacked(content: bytes, layout: Layout, blocks: range, row_bytes: int, across: int, n_rows: int) -> np.ndarray:
    """The bytes of some blocks, (n_rows, across · row_bytes), from a file whose directory calls each a grey pixel."""
    offsets = [layout.offsets[block] for block in blocks]
    counts = [layout.counts[block] for block in blocks] if layout.counts else [len(content)]
    shape = [(322, row_bytes), (323, layout.block_height), (324, *offsets), (325, *counts)]
    if not layout.tiled:
        shape = [(273, *offsets), (278, layout.block_height), (279, *counts)]
    tags = [(256, row_bytes * across), (257, n_rows), (258, 8), (259, layout.compression), (262, 1), (266, layout.fill_order), (277, 1)]
    file = _with_directory(content, layout.order, sorted(tags + shape))
    return np.asarray(Image.open(io.BytesIO(file), formats=("TIFF",)))


def _with_directory(content: bytes, order: str, tags: list[tuple[int, ...]]) -> bytes:
    """The file with another directory behind its end, and its header pointing there."""
    start = len(content) + len(content) % 2
    behind, entries, values = start + 6 + 12 * len(tags), b"", b""
    for tag, *numbers in tags:
        packed = struct.pack(f"{order}{len(numbers)}I", *numbers)
        if len(numbers) > 1:
            packed, values = struct.pack(order + "I", behind + len(values)), values + packed
        entries += struct.pack(order + "HHI", tag, LONG, len(numbers)) + packed
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", start)
    directory = struct.pack(order + "H", len(tags)) + entries + bytes(4) + values
    return head + content[8:] + bytes(len(content) % 2) + directory


def _numbers(rows: np.ndarray, layout: Layout, samples: int) -> np.ndarray:
    """Rows of bytes as rows of numbers in the machine's byte order, the predictor undone."""
    if layout.bits % 8:
        return _bits(rows, layout.bits)[:, : layout.block_width * samples]
    size = layout.bits // 8
    dtype = np.dtype(f"{layout.kind}{size}")
    if layout.predictor == DIFFERENCES:
        steps = rows.view(f"{layout.order}u{size}").reshape(len(rows), -1, samples)
        return np.cumsum(steps, axis=1, dtype=f"u{size}").reshape(len(rows), -1).view(dtype)
    if layout.predictor == 1:
        return rows.view(dtype.newbyteorder(layout.order)).astype(dtype)
    sums = np.cumsum(rows.reshape(len(rows), -1, samples), axis=1, dtype=np.uint8)  # high bytes of a row first, then lower ones
    lanes = sums.reshape(len(rows), size, -1).transpose(0, 2, 1)
    return np.ascontiguousarray(lanes).view(dtype.newbyteorder(">")).reshape(len(rows), -1).astype(dtype)


def _bits(rows: np.ndarray, bits: int) -> np.ndarray:
    """Samples packed without gaps, the first in the highest bits."""
    n, places = rows.shape[1] * 8 // bits, 1 << np.arange(bits - 1, -1, -1, dtype=np.uint16)
    parts = [np.unpackbits(rows[part], axis=1)[:, : n * bits].reshape(-1, n, bits) @ places for part in _bands(rows)]
    return np.concatenate(parts)
