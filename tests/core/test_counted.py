"""Numbers and names of classes in words."""

import pytest

from core.counted import class_words, counted


@pytest.mark.parametrize(("n", "said"), [(0, "0 files"), (1, "1 file"), (1234, "1,234 files")])
def test_a_number_has_its_noun(n, said):
    assert counted(n, "file") == said


def test_a_plural_of_its_own():
    assert counted(2, "entry", "entries") == "2 entries" and counted(1, "entry", "entries") == "1 entry"


def test_a_class_is_said_as_a_sentence_says_it():
    assert class_words("PNEUMONIA") == "pneumonia" and class_words("NORMAL", begins=True) == "Normal"
