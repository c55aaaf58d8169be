"""Parts of the test images by who is right: every image in exactly one part."""

from types import SimpleNamespace

import numpy as np
import pytest

from dashboard.components.compare.images.disagreements import ANY, agreement_counts, choices, clicked, parts


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


def test_any_disagreement_counts_different_classes_also_where_both_are_wrong():
    answers = SimpleNamespace(correct=np.array([[True, False, False], [True, False, True]]), differ=np.array([False, True, True]))
    assert choices(answers, "AB")[ANY].tolist() == [False, True, True]
    assert ANY not in choices(SimpleNamespace(correct=np.array([[True, False]])), "A")


def test_counts_cross_kinds_of_image_with_who_is_right():
    divided = {"Both right": np.array([True, True, False]), "Both wrong": np.array([False, False, True])}
    among = {"All images": np.ones(3, bool), "Viral": np.array([False, True, True])}
    counts = agreement_counts(divided, among)
    assert counts.to_dict("list") == {"Among": ["All images", "Viral"], "n": [3, 2], "Both right": [2, 1], "Both wrong": [1, 1]}
    assert clicked([(1, "Both wrong")], counts) == ("Both wrong", "Viral")
    assert clicked([(0, "n")], counts) == (None, "All images")
    assert clicked([], counts) == (None, None)
