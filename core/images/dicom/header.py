"""What a DICOM header says of a film in the coarsest form that a warning needs: two yes or no, and no value of any tag."""

from __future__ import annotations

from dataclasses import dataclass

from core.images.formats.signatures import kind_of

TAGS = ["PatientAge", "ViewPosition"]
YEARS = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0}  # of an age string such as 004Y
YOUNGEST, OLDEST = 1, 6  # years: children of 1 to 5 are at least one and not yet six
FRONTAL = ("PA", "AP", "FRONTAL")


@dataclass(frozen=True)
class Stated:
    """What a header says of a film; None where it says nothing that can be read.

    Attributes
    ----------
    aged_1_to_5 : bool or None
        Whether the patient was a child of 1 to 5 years. The age itself is not kept.
    frontal : bool or None
    """

    aged_1_to_5: bool | None = None
    frontal: bool | None = None


def stated(content: bytes) -> Stated:
    """Read age and view from a DICOM file; nothing is stated by any other file, nor by a broken header.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Stated
    """
    if kind_of(content) != "DICOM":
        return Stated()
    from core.images.dicom.file import dataset_of

    try:
        header = dataset_of(content, TAGS, stop_before_pixels=True)
        return Stated(_aged_1_to_5(str(header.get("PatientAge") or "")), _frontal(str(header.get("ViewPosition") or "")))
    except Exception:  # `read_dicom` says what is wrong with it
        return Stated()


def _aged_1_to_5(text: str) -> bool | None:
    text = text.strip().upper()
    number, unit = text[:-1], text[-1:]
    if unit not in YEARS or not number.isascii() or not number.isdigit():
        return None
    return YOUNGEST <= int(number) * YEARS[unit] < OLDEST


def _frontal(text: str) -> bool | None:
    words = text.upper().replace("_", " ").split()
    return words[0] in FRONTAL if words else None
