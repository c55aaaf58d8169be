"""A cell of a confusion matrix as a choice of images."""

from types import SimpleNamespace

import pytest

from dashboard.components.compare.confusion.matrix_clicks import choice

COMPARISON = SimpleNamespace(letters=["A", "B"], panel=SimpleNamespace(class_names=("NORMAL", "PNEUMONIA")))


def test_a_cell_is_a_run_a_true_class_and_the_one_called():
    assert choice("1.1.0", COMPARISON) == {"kind": "B calls normal", "among": "Pneumonia"}


@pytest.mark.parametrize("cell", ["2.0.0", "0.5.0", "None", "", "1.1"])
def test_what_is_no_cell_chooses_nothing(cell):
    assert choice(cell, COMPARISON) is None
