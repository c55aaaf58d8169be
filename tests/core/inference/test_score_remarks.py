"""What is said of scores that are valid and odd: constant ones, a class never scored, decisions instead of probabilities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.inference.score_remarks import remarks

TWO, THREE = ("NORMAL", "PNEUMONIA"), ("NORMAL", "BACTERIAL", "VIRAL")


def scored(rows, class_names, split="test"):
    return pd.DataFrame(rows, columns=[f"p_{name}" for name in class_names]).assign(split=split)


@pytest.mark.parametrize(
    ("rows", "class_names", "words"),
    [
        ([[0.4, 0.6]] * 5, TWO, ["All 5 test images have the same scores (NORMAL 0.4, PNEUMONIA 0.6)"]),
        ([[0.625, 0.375], [0.6250001, 0.3749999]], TWO, ["All 2 test images"]),
        ([[0.4, 0.6, 0], [0.7, 0.3, 0]], THREE, ["No image has a score for VIRAL"]),
        ([[0.4, 0.4, 0.2], [0.7, 0.1, 0.2]], THREE, ["The score of VIRAL is 0.2 for every image"]),
        ([[0, 1], [1, 0], [0, 1]], TWO, ["decisions and no probabilities"]),
        ([[0, 1], [0, 1], [0.4, 0.6]], TWO, ["2 of 3 test images have a score for PNEUMONIA of exactly 1"]),
        ([[1e-30, 1], [1e-20, 1], [0.4, 0.6]], TWO, ["of exactly 1: which of them is likelier is lost"]),
        ([[0, 1], [0.5, 0.5], [0.4, 0.6]], TWO, []),
        ([[0, 1]] * 3, TWO, ["All 3 test images"]),
        ([[0, 1, 0], [1, 0, 0]], THREE, ["No image has a score for VIRAL", "decisions"]),
        ([[0.4, 0.6], [0.3, 0.7]], TWO, []),
        ([[0.4, 0.6]], TWO, []),
    ],
)
def test_odd_scores_are_said(rows, class_names, words):
    found = remarks(scored(rows, class_names), class_names)
    assert len(found) == len(words) and all(word in sentence for word, sentence in zip(words, found, strict=True))


def test_test_images_alone_are_looked_at_where_there_is_a_split():
    table = pd.concat([scored([[0.5, 0.5]] * 3, TWO), scored([[0.1, 0.9]], TWO, "val")])
    assert "All 3 test images" in remarks(table, TWO)[0]
    assert remarks(table.drop(columns="split"), TWO) == ()


def test_no_number_of_numpy_is_printed():
    table = scored(np.full((4, 2), 0.5, np.float32), TWO)
    assert "np." not in remarks(table, TWO)[0] and "NORMAL 0.5" in remarks(table, TWO)[0]


def test_saturated_scores_are_not_called_the_same():
    """They still rank the images: an AUC of 0.94 stood beside "an AUC of 0.5 is all that can come of it"."""
    ill = np.array([3e-18, 1e-16, 7e-15])
    (sentence,) = remarks(pd.DataFrame({"p_NORMAL": 1 - ill, "p_PNEUMONIA": ill}), ("NORMAL", "PNEUMONIA"))
    assert "saturated" in sentence and "the same scores" not in sentence
