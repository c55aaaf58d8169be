"""How a TIFF file keeps its samples: what its tags say, and whether that can be read."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Literal

from PIL.TiffImagePlugin import COMPRESSION_INFO, ImageFileDirectory_v2

from core.images.formats.jpeg_scans import MOST_WORK, SCAN_MARKER, TOO_MANY_SCANS
from core.images.limits import ImageError, check_memory, check_size

WHITE_IS_ZERO, BLACK_IS_ZERO, COLOUR = 0, 1, 2
CMYK = 5
OTHERS = {3: "palette colours", 5: "CMYK colours", 6: "YCbCr colours"}
LAB = (8, 9, 10)
EXACT = (1, 5, 8, 32773, 32946, 34925, 50000)  # compressions that keep every bit of samples of any depth
KINDS = {1: "u", 2: "i", 3: "f", 4: "u"}  # SampleFormat, as NumPy names it
DEPTHS = {"u": (1, 2, 4, 8, 10, 12, 14, 16, 32), "i": (8, 16, 32), "f": (16, 32, 64)}
WORDS = {"u": "whole numbers", "i": "signed numbers", "f": "fractions"}
ASSOCIATED, UNASSOCIATED = 1, 2  # alpha that colours were multiplied by, and not
DIFFERENCES, FLOAT_DIFFERENCES = 2, 3
PEAK = 4.5  # copies of the samples at the peak of their decoding
MOST_BLOCKS = 2**18  # 64 million pixels in tiles of 16 × 16
JPEG = (6, 7)
BLOCK_TAGS = (273, 279, 324, 325)


@dataclass(frozen=True)
class Layout:
    """What is needed to read samples; the words are those of the TIFF 6.0 specification.

    Attributes
    ----------
    order : {"<", ">"}
    width, height, samples, bits, photometric, compression, predictor, fill_order, orientation : int
    kind : {"u", "i", "f"}
    planar : bool
        Whether each channel lies in a plane of its own.
    alpha : int or None
        Place of the sample that is opacity.
    associated : bool
        Whether colours were multiplied by it.
    tiled : bool
    block_width, block_height : int
        Of a tile, or of a strip.
    offsets, counts : tuple of int
        Where each block begins, and its bytes.
    """

    order: Literal["<", ">"]
    width: int
    height: int
    samples: int
    bits: int
    kind: str
    photometric: int
    compression: int
    predictor: int
    fill_order: int
    orientation: int
    planar: bool
    alpha: int | None
    associated: bool
    tiled: bool
    block_width: int
    block_height: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colours."""
        return 3 if self.photometric == COLOUR else 1

    @property
    def mode(self) -> str:
        """As Pillow would call it."""
        if self.channels == 3:
            return "RGBA" if self.alpha else "RGB"
        if self.bits <= 8 and self.kind == "u":
            return "LA" if self.alpha else "L"
        return "F" if self.kind == "f" else "I;16" if self.kind == "u" and self.bits <= 16 else "I"

    @property
    def read_well_by_pillow(self) -> bool:
        """Whether Pillow reads every bit, and zero as what it is."""
        plain = self.samples == 1 or (self.photometric == COLOUR and self.samples in (3, 4))
        return plain and self.bits <= 8 and self.kind == "u" and not self.planar and self.fill_order == 1

    @property
    def has_every_block(self) -> bool:
        """Whether there are as many blocks as the picture needs."""
        if min(self.block_width, self.block_height) < 1:
            return False
        n_blocks = -(-self.width // self.block_width) * -(-self.height // self.block_height)
        n_blocks *= self.samples if self.planar else 1
        return len(self.offsets) >= n_blocks and (len(self.counts) >= n_blocks or self.compression == 1)


def layout_of(content: bytes) -> Layout | None:
    """The layout of a TIFF's first page; None if its samples are no plain numbers but of a kind that Pillow reads.

    Raises
    ------
    ImageError
        If there are several pages, or the pixels cannot be read as they are meant.
    """
    tags = ImageFileDirectory_v2(content[: 16 if content[2:3] == b"+" or content[3:4] == b"+" else 8])
    stream = io.BytesIO(content)
    stream.seek(tags.next)
    tags.load(stream)
    if any(len(tags._tagdata.get(tag, b"")) > 8 * MOST_BLOCKS for tag in BLOCK_TAGS):  # before they become as many numbers
        raise ImageError("The TIFF is cut into far more blocks than a picture needs; save it again.")
    if not {256, 257} <= set(tags) or not {273, 324} & set(tags):
        raise ImageError("The TIFF does not say how large it is or where its pixels are; it is broken or cut short: export it again.")
    check_size(int(tags[256]), int(tags[257]))
    if tags.next:
        raise ImageError("The file has several pages; save the one frame to use as its own file.")
    if tags.get(259, 1) not in EXACT or tags.get(262, BLACK_IS_ZERO) not in (WHITE_IS_ZERO, BLACK_IS_ZERO, COLOUR):
        _check_others(tags)
        if tags.get(259) in JPEG:
            _check_jpeg(content, tags)
        return None
    if tags.get(262) is None:
        raise ImageError("The TIFF does not say whether zero is black or white (PhotometricInterpretation); export it again.")
    layout = _layout(tags)
    if not layout.read_well_by_pillow:
        _check_samples(layout, _all(tags.get(258, 1)), _all(tags.get(339, 1)))
    return layout


def _check_others(tags: ImageFileDirectory_v2) -> None:
    """Refuse what Pillow would show wrong."""
    meaning, bits, compression = tags.get(262, -1), max(_all(tags.get(258, 1))), tags.get(259, 1)
    if meaning in LAB:
        raise ImageError("The TIFF holds LAB colours; save it as grey.")
    if compression not in COMPRESSION_INFO:
        raise ImageError(f"The TIFF is compressed in a way (number {compression}) that is not read here; save it uncompressed.")
    in_planes = tags.get(284, 1) == 2 and compression in EXACT
    if bits > (16 if meaning == CMYK and not in_planes else 8) or (in_planes and bits < 8):
        raise ImageError(f"The TIFF holds {OTHERS.get(meaning, 'pixels')} of {bits} bits, which are not read here; save it as grey.")


def _check_jpeg(content: bytes, tags: ImageFileDirectory_v2) -> None:
    """Each block is a JPEG of its own, and none may have many more scans than its share."""
    block = (tags[322], tags[323]) if 324 in tags else (tags[256], min(tags.get(278, tags[257]), tags[257]))
    if content.count(SCAN_MARKER) * int(block[0]) * int(block[1]) > MOST_WORK:
        raise ImageError(TOO_MANY_SCANS)


def _layout(tags: ImageFileDirectory_v2) -> Layout:
    width, height, samples, bits = int(tags[256]), int(tags[257]), int(tags.get(277, 1)), int(_all(tags.get(258, 1))[0])
    tiled = 324 in tags
    block = (int(tags[322]), int(tags[323])) if tiled else (width, min(int(tags.get(278, height)), height))
    offsets = _all(tags[324 if tiled else 273])
    colours, extra = 3 if tags[262] == COLOUR else 1, _all(tags.get(338, ()))
    if not extra and (colours, samples) == (3, 4):
        extra = (UNASSOCIATED,)  # what Pillow takes it for
    alpha = next((i for i, kind in enumerate(extra) if kind in (ASSOCIATED, UNASSOCIATED)), None)
    return Layout(
        order="<" if tags.prefix == b"II" else ">", width=width, height=height, samples=samples, bits=bits,
        kind=KINDS.get(_all(tags.get(339, 1))[0], "?"), photometric=tags[262], compression=tags.get(259, 1),
        predictor=tags.get(317, 1), fill_order=tags.get(266, 1), orientation=_orientation(tags),
        planar=tags.get(284, 1) == 2, alpha=None if alpha is None else colours + alpha,
        associated=alpha is not None and extra[alpha] == ASSOCIATED, tiled=tiled, block_width=block[0], block_height=block[1],
        offsets=offsets, counts=_all(tags.get(325 if tiled else 279, ())),
    )  # fmt: skip


def _orientation(tags: ImageFileDirectory_v2) -> int:
    """From the tag itself, or else from the XMP packet."""
    packet = tags.get(700, b"")
    found = re.search(rb'tiff:Orientation(="|>)([0-9])', packet) if isinstance(packet, bytes) else None
    return tags.get(274, int(found[2]) if found else 1)


def _check_samples(layout: Layout, bits: tuple, kinds: tuple) -> None:
    if len(set(bits)) > 1 or len(set(kinds)) > 1:
        raise ImageError("The channels of the TIFF are of different depths; save it as grey of 8 or 16 bits.")
    if layout.bits not in DEPTHS.get(layout.kind, ()) or (layout.predictor != 1 and layout.bits % 8):
        kind = WORDS.get(layout.kind, "numbers of an unknown kind,")
        raise ImageError(f"The TIFF holds {kind} of {layout.bits} bits, which are not read here; save it as grey of 8 or 16 bits.")
    if layout.samples < layout.channels or (layout.alpha or 0) >= layout.samples or not layout.has_every_block:
        raise ImageError("The tags of the TIFF contradict each other; export it again.")
    if layout.alpha and (layout.kind == "i" or layout.bits < 8):
        raise ImageError("The transparency of the TIFF cannot be read; save it without an alpha channel.")
    check_memory(layout.width * layout.height, PEAK * layout.samples * max(layout.bits // 8, 1))


def _all(value: object) -> tuple:
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)
