"""Two and three classes, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.datasets.labels import label
from core.errors import InputError


def table(classes, subtypes=None) -> pd.DataFrame:
    return pd.DataFrame({"class_name": classes, "subtype": subtypes or [None] * len(classes)}, dtype="str")


def test_two_classes():
    names, y = label(table(["PNEUMONIA", "NORMAL", "PNEUMONIA"]))
    assert names == ("NORMAL", "PNEUMONIA") and y.tolist() == [1, 0, 1] and y.dtype == np.int64


def test_three_classes():
    names, y = label(table(["NORMAL", "PNEUMONIA", "PNEUMONIA"], ["NORMAL", "VIRAL", "BACTERIAL"]), 3)
    assert names == ("NORMAL", "BACTERIAL", "VIRAL") and y.tolist() == [0, 2, 1]


def test_normal_comes_first_whatever_the_others_are_called():
    """Class 1 is the positive one; of COVID and NORMAL it must not be NORMAL."""
    assert label(table(["NORMAL", "COVID"]))[0] == ("NORMAL", "COVID")
    assert label(table(["zebra", "ant", "NORMAL"]))[0] == ("NORMAL", "ant", "zebra")


def test_a_class_absent_from_a_part_keeps_its_number():
    names, y = label(table(["PNEUMONIA", "PNEUMONIA"], ["VIRAL", "VIRAL"]), 3)
    assert names == ("NORMAL", "BACTERIAL", "VIRAL") and y.tolist() == [2, 2]


def test_names_that_do_not_tell_the_subtype():
    with pytest.raises(InputError, match=r"1 of 2 file names do not tell bacterial from viral.*--labels 2"):
        label(table(["NORMAL", "PNEUMONIA"], ["NORMAL", None]), 3)


@pytest.mark.parametrize("scheme", [0, 1, 4, "2"])
def test_unknown_schemes(scheme):
    with pytest.raises(InputError, match=r"Labels are 2 .* or 3"):
        label(table(["NORMAL"]), scheme)
