"""Words find runs: all of them, in any order, and a number no part of another."""

import pytest

from core.runs.identity.search import matches

FACTS = "Lens-Scratch, CutMix 0.5\nseed 1\n2 classes\nlens-scratch-20261124-231800-523032"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True), (None, True), ("scratch seed 1", True), ("seed 1, scratch", True), ("cutmix lens", True), ("SCRATCH", True),
        ("seed 12", False), ("seed 0", False), ("2 classes", True), ("3 classes", False),
        ("0", False), ("2", False), ("1", False), ("20261124", True),
        ("mobilenet", False), ("lens mobilenet", False), ("0.5", True), ("lens · seed 1", True),
    ],
)  # fmt: skip
def test_words(words, found):
    assert matches(FACTS, words) is found
