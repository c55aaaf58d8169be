"""Which image format a file is, by how it begins: suffixes are missing or wrong too often to be asked."""

from __future__ import annotations

from typing import Literal

HEAD = 1024  # bytes that `kind_of` needs
MAGIC = {
    b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"II+\0": "TIFF", b"MM\0+": "TIFF",
    b"II\0*": "TIFF", b"MM*\0": "TIFF",  # its number in the wrong byte order, which readers forgive
}  # fmt: skip
BITMAP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)  # sizes of the second header; "BM" alone begins many a text
SHORT_VRS = b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split()  # value representations whose length has two bytes
LONG_VRS = b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split()
DICOM_GROUPS = (0x0002, 0x0008)  # a data set begins with one of them
LONGEST = 2**16  # bytes of an element without a value representation


def kind_of(head: bytes) -> str | None:
    """The image format of a file.

    Parameters
    ----------
    head : bytes
        The file's beginning, `HEAD` bytes of it or more.

    Returns
    -------
    {"JPEG", "PNG", "TIFF", "BMP", "WEBP", "DICOM"} or None
        None if it is none of these. A DICOM data set is known without its preamble, too.
    """
    if head[128:132] == b"DICM":  # first: the preamble may be the beginning of a TIFF
        return "DICOM"
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in BITMAP_HEADERS:
        return "BMP"
    return "DICOM" if _begins_a_data_set(head[:HEAD]) else None


ORDERS: tuple[Literal["little"], Literal["big"]] = ("little", "big")


def _begins_a_data_set(head: bytes) -> bool:
    """Whether DICOM elements stand here from the first byte on: a known group, lengths that lead from one to the next, ascending tags."""
    if head[:2] == b"\x02\0" and head[4:6] in SHORT_VRS + LONG_VRS:  # the file's own facts: all behind them may be deflated
        return True
    return any(int.from_bytes(head[:2], order) in DICOM_GROUPS and _elements(head, order) >= 2 for order in ORDERS)


def _elements(head: bytes, order: Literal["little", "big"]) -> int:
    """How many elements with ascending tags begin here, one behind the other."""
    n, at, last = 0, 0, -1
    while at + 12 <= len(head):
        group, element = (int.from_bytes(head[at + i : at + i + 2], order) for i in (0, 2))
        size = _size(head[at + 4 : at + 12], order)
        if size is None or (group << 16) + element <= last or (element == 0 and size not in (8 + 4, 12 + 4)):
            break
        n, at, last = n + 1, at + size, (group << 16) + element
    return n


def _size(field: bytes, order: Literal["little", "big"]) -> int | None:
    """Bytes of a whole element from those behind its tag; None if they cannot stand there."""
    if field[:2] in SHORT_VRS:
        return 8 + int.from_bytes(field[2:4], order)
    if field[:2] in LONG_VRS and field[2:4] == b"\0\0":
        return 12 + int.from_bytes(field[4:8], order)
    length = int.from_bytes(field[:4], order)
    return 8 + length if order == "little" and length < LONGEST and length % 2 == 0 else None
