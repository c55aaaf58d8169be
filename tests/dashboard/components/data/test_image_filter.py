import numpy as np
import pytest

from dashboard.components.data.image_filter import Selection
from dashboard.components.markdown import plain


def chosen(**filters) -> Selection:
    return Selection(**({"split": "all", "class_name": "all", "films": "all", "group": "all", "positions": np.arange(0)} | filters))


@pytest.mark.parametrize(
    ("filters", "names", "fades"),
    [
        ({}, {"split": "train", "class_name": "NORMAL"}, False),
        ({"split": "test"}, {"split": "train"}, True),
        ({"split": "test"}, {"split": "test", "class_name": "NORMAL"}, False),
        ({"class_name": "NORMAL"}, {"split": "train"}, False),
        ({"class_name": "NORMAL"}, {"split": "train", "class_name": "PNEUMONIA"}, True),
        ({"class_name": "VIRAL"}, {"split": "train", "class_name": "PNEUMONIA"}, False),
        ({"class_name": "VIRAL"}, {"split": "train", "class_name": "PNEUMONIA", "subtype": "BACTERIAL"}, True),
        ({"class_name": "PNEUMONIA"}, {"split": "train", "class_name": "PNEUMONIA", "subtype": "VIRAL"}, False),
        ({"films": "1 image"}, {"split": "train", "class_name": "NORMAL", "films": "5 or more"}, True),
        ({"films": "1 image"}, {"split": "train", "class_name": "NORMAL"}, False),
    ],
)
def test_what_a_filter_leaves_out_of_the_balance_fades(filters, names, fades):
    assert chosen(**filters).fades(names) is fades


@pytest.mark.parametrize("name", ["*bold*", "$x$", ":red[x]", "[a](b)", "`code`", "#1", "<b>"])
def test_names_are_never_markup(name):
    assert plain(name) != name and plain(name).replace("\\", "") == name
