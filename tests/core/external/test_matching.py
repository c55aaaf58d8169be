"""Images named as others name them."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from core.external.matching import match_names

CHEXPERT = [f"test/NORMAL/patient{p}/study{s}/view1.png" for p in (1, 2) for s in (1, 2)]
IDS = ["train/NORMAL/a.png", "test/NORMAL/a.png", "test/NORMAL/b.jpeg", "train/PNEUMONIA/c.png", "test/X/00001", *CHEXPERT]
ACCENT = unicodedata.normalize("NFD", "test/NORMAL/é.png")


@pytest.mark.parametrize(
    ("name", "is_test", "expected"),
    [
        ("test/NORMAL/a.png", True, "test/NORMAL/a.png"),
        ("D:\\x\\test\\NORMAL\\a.png", True, "test/NORMAL/a.png"),
        ("./NORMAL/a.png", True, "test/NORMAL/a.png"),
        ("a.png", True, "test/NORMAL/a.png"),
        ("a.png", False, "train/NORMAL/a.png"),
        ("c.png", True, None),
        (" b.jpeg ", True, "test/NORMAL/b.jpeg"),
        ("b", True, "test/NORMAL/b.jpeg"),
        ("b.png", True, None),
        ("00001", True, "test/X/00001"),
        ("1", True, None),
        ("CheXpert/valid/patient2/study1/view1.png", True, CHEXPERT[2]),
        ("study1/view1.png", True, None),
        ("view1.png", True, None),
        (unicodedata.normalize("NFC", "é.png"), True, ACCENT),
        (None, True, None),
    ],
)
def test_names(name, is_test, expected):
    ids = pd.Series([*IDS, ACCENT])
    found = match_names(pd.Series([name], dtype="str"), ids, ids.str.startswith("test"), pd.Series([is_test]))
    assert found.isna()[0] if expected is None else found[0] == expected


def test_each_name_is_matched_by_itself():
    ids = pd.Series(IDS)
    names = pd.Series([*CHEXPERT[::-1], "nobody.png", "a.png"])
    found = match_names(names, ids, ids.str.startswith("test"), pd.Series(True, names.index))
    assert found.fillna("").tolist() == [*CHEXPERT[::-1], "", "test/NORMAL/a.png"]


def test_names_without_a_suffix_are_told_apart_by_their_folder():
    ids = pd.Series(["test/a/0.jpeg", "test/b/0.jpeg"])
    found = match_names(pd.Series(["a/0", "b/0", "0"]), ids, pd.Series([True, True]), pd.Series([True] * 3))
    assert found.tolist()[:2] == ids.tolist() and found.isna().tolist() == [False, False, True]
