"""Parts of the test images by who is right: every image in exactly one part."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from dashboard.components.disagreements import inspect_address, parts


@pytest.mark.parametrize("letters", ["A", "AB", "ABC", "ABCDEF"])
def test_every_image_is_in_one_part(letters):
    correct = np.random.default_rng(0).random((len(letters), 200)) < 0.7
    divided = parts(SimpleNamespace(correct=correct), letters)
    assert np.sum(list(divided.values()), axis=0).tolist() == [1] * 200


def test_two_runs_are_told_apart():
    correct = np.array([[True, True, False, False], [True, False, True, False]])
    divided = parts(SimpleNamespace(correct=correct), "AB")
    assert {name: np.flatnonzero(mask).tolist() for name, mask in divided.items()} == {
        "Both right": [0],
        "A right, B wrong": [1],
        "A wrong, B right": [2],
        "Both wrong": [3],
    }


def test_address_of_inspect_carries_sample_and_runs():
    query = parse_qs(urlsplit(inspect_address("test/NORMAL/a b&c.jpeg", ["one", "two"])).query)
    assert query == {"inspect_sample": ["test/NORMAL/a b&c.jpeg"], "inspect_runs": ["one", "two"]}
