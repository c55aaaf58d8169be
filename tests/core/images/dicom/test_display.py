"""Windows and tables against the formulas of the standard."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom import Dataset

from core.images import ImageError, read_grey
from tests.core.images.encoders import dicom, draw_film

FILM = draw_film(14)
WORDS = FILM.astype(np.int64) * 16
SYNTAXES = ["explicit", "implicit", "big", "deflated"]


def table(entries, first: int = 0, depth: int = 16, order: str = "<", vr: str = "OW", packed: bool = False) -> list[Dataset]:
    item = Dataset()
    item.add_new(0x00283002, "US", [len(entries), first % 2**16, depth])
    raw = np.array(entries, np.uint8 if packed else f"{order}u2").tobytes()
    item.add_new(0x00283006, vr, raw + bytes(len(raw) % 2) if vr == "OW" else list(map(int, entries)))
    return [item]


def difference(content: bytes, expected: np.ndarray) -> float:
    return float(np.abs(read_grey(content).astype(float) - expected).max())


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        ("LINEAR", lambda x: np.clip((x - 1999.5) / 999 + 0.5, 0, 1)),
        ("LINEAR_EXACT", lambda x: np.clip((x - 2000) / 1000 + 0.5, 0, 1)),
        ("SIGMOID", lambda x: 1 / (1 + np.exp(-4 * (x - 2000) / 1000))),
    ],
)
def test_window_functions(function, formula):
    """PS3.3 C.11.2.1.2 and C.11.2.1.3."""
    assert difference(dicom(WORDS, WindowCenter=2000, WindowWidth=1000, VOILUTFunction=function), formula(WORDS) * 255) <= 0.51


def test_the_first_of_several_windows_is_used():
    several = dicom(WORDS, WindowCenter=[2000, 9], WindowWidth=[1000, 2])
    assert np.array_equal(read_grey(several), read_grey(dicom(WORDS, WindowCenter=2000, WindowWidth=1000)))


def test_a_window_of_width_one_is_a_threshold():
    assert np.array_equal(read_grey(dicom(WORDS, WindowCenter=2000, WindowWidth=1)), (WORDS > 1999.5) * np.uint8(255))


def test_a_window_over_all_numbers_of_32_bits():
    words = np.rint(FILM / 255 * (2**32 - 1)).astype(np.int64)
    assert difference(dicom(words, allocated=32, WindowCenter=2**31, WindowWidth=2**32), FILM) <= 1


def test_a_negative_slope_turns_values_not_the_window():
    turned = dicom(4080 - WORDS, RescaleSlope=-1, RescaleIntercept=4080, WindowCenter=2000, WindowWidth=1000)
    assert np.array_equal(read_grey(turned), read_grey(dicom(WORDS, WindowCenter=2000, WindowWidth=1000)))


def test_an_unknown_window_function_is_refused():
    with pytest.raises(ImageError, match="function 'LOGARITHM', which is not known"):
        read_grey(dicom(WORDS, WindowCenter=2000, WindowWidth=1000, VOILUTFunction="LOGARITHM"))


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("vr", ["OW", "US"])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_tables_of_values_of_interest(syntax, vr, photometric):
    expected = 255 - FILM if photometric == "MONOCHROME1" else FILM
    options = {"syntax": syntax, "photometric": photometric, "stored": 12}
    order = ">" if syntax == "big" else "<"
    rising, falling = (table(levels, depth=12, order=order, vr=vr) for levels in (range(4096), range(4095, -1, -1)))
    assert difference(dicom(WORDS, VOILUTSequence=rising, **options), expected) <= 1
    assert difference(dicom(WORDS, VOILUTSequence=falling, **options), 255 - expected.astype(int)) <= 1


def test_a_table_that_rises_and_falls():
    hump = np.concatenate([np.arange(0, 4096, 2), np.arange(4095, 0, -2)])
    assert difference(dicom(WORDS, stored=12, VOILUTSequence=table(hump)), hump[WORDS] / 4095 * 255) <= 1


@pytest.mark.parametrize("packed", [True, False])
def test_a_table_of_eight_bits_for_values_of_twelve(packed):
    levels = np.arange(4096) // 16
    assert difference(dicom(WORDS, stored=12, VOILUTSequence=table(levels, depth=8, packed=packed)), FILM) <= 1


def test_a_table_may_begin_below_zero_and_values_may_lie_beyond_it():
    words = WORDS - 2048
    content = dicom(words, stored=12, signed=1, VOILUTSequence=table(range(0, 4096, 2), first=-1024))
    assert difference(content, np.clip((words + 1024) / 2047, 0, 1) * 255) <= 1


def test_a_modality_table_comes_before_the_window():
    lut = table(np.arange(256) * 257)
    assert difference(dicom(FILM, stored=8, ModalityLUTSequence=lut, WindowCenter=32768, WindowWidth=65536), FILM) <= 1


def test_a_broken_table_is_refused_not_passed_over():
    broken = table(range(4096))
    broken[0].LUTData = b"\0" * 10
    with pytest.raises(ImageError, match="cut short or broken"):
        read_grey(dicom(WORDS, VOILUTSequence=broken))
