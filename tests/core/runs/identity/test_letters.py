"""A letter is a mark in brackets wherever there is only text."""

import pytest

from core.runs.identity.letters import letter_of, lettered_names, without_letter


def test_names_beside_each_other_are_marked_in_their_order():
    assert lettered_names(["Lens-MobileNet · seed 0", "CNN_1"]) == ["[A] Lens-MobileNet · seed 0", "[B] CNN_1"]
    assert [letter_of(name) for name in lettered_names("x" * 28)][-3:] == ["Z", "A1", "B1"]


@pytest.mark.parametrize(
    ("label", "letter", "name"),
    [
        ("[B] CNN_1 · seed 0", "B", "CNN_1 · seed 0"),
        ("[A–C] CNN_1 (3 seeds)", "A–C", "CNN_1 (3 seeds)"),
        ("[A+C] CNN_1", "A+C", "CNN_1"),
        ("A model of mine", "", "A model of mine"),
        ("[mine] x", "", "[mine] x"),
    ],
)
def test_a_label_gives_its_letter_and_its_name(label, letter, name):
    assert (letter_of(label), without_letter(label)) == (letter, name)
