"""The bytes of a DICOM file to its elements: what is deflated is unpacked up to a limit. Its warnings stay here, for they quote tags."""

from __future__ import annotations

import io
import logging
import warnings
import zlib
from collections.abc import Iterator, Sequence

import pydicom

from core.images.formats.signatures import LONG_VRS
from core.images.limits import ImageError

PREAMBLE = 132  # bytes, with the word DICM behind
FACTS, SYNTAX = b"\x02\0", b"\x10\0"
DEFLATED, PLAIN = b"1.2.840.10008.1.2.1.99", b"1.2.840.10008.1.2.1\0\0\0"
MOST_UNPACKED = 2**27  # bytes: 64 million pixels of two
warnings.filterwarnings("ignore", module="pydicom")
logging.getLogger("pydicom").setLevel(logging.CRITICAL)


def dataset_of(content: bytes, tags: Sequence, stop_before_pixels: bool = False) -> pydicom.Dataset:
    """Some elements of a DICOM file.

    Parameters
    ----------
    content : bytes
        The whole file, with or without a preamble.
    tags : sequence of str or int
        Which elements; no others are kept.
    stop_before_pixels : bool

    Returns
    -------
    Dataset

    Raises
    ------
    ImageError
        If it unpacks to too much. What pydicom raises on broken files passes.
    """
    file = io.BytesIO(_unpacked(content))
    return pydicom.dcmread(file, force=True, stop_before_pixels=stop_before_pixels, specific_tags=list(tags))


def _unpacked(content: bytes) -> bytes:
    """The file with its data set as it was before it was deflated."""
    if DEFLATED not in content:
        return content
    elements = list(_facts(content, PREAMBLE if content[PREAMBLE - 4 : PREAMBLE] == b"DICM" else 0))
    syntax = next((start for tag, start, _ in elements if tag == SYNTAX), None)
    if syntax is None or not content.startswith(DEFLATED, syntax):
        return content
    packer, end = zlib.decompressobj(-zlib.MAX_WBITS), elements[-1][2]
    data = packer.decompress(content[end:], MOST_UNPACKED)
    if packer.unconsumed_tail:
        raise ImageError(f"The DICOM file unpacks to more than {MOST_UNPACKED // 2**20} MB; export the radiograph alone.")
    return b"".join((content[:syntax], PLAIN, content[syntax + len(PLAIN) : end], data, packer.flush()))


def _facts(content: bytes, at: int) -> Iterator[tuple[bytes, int, int]]:
    """Tag, start and end of the value of each element of the group that stands before the data set and is never deflated."""
    while content[at : at + 2] == FACTS:
        long = content[at + 4 : at + 6] in LONG_VRS
        start = at + (12 if long else 8)
        end = start + int.from_bytes(content[at + 8 : at + 12] if long else content[at + 6 : at + 8], "little")
        yield content[at + 2 : at + 4], start, end
        at = end
