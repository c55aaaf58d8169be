import pytest

from dashboard.components.inspect.model_agreement import agreement


@pytest.mark.parametrize(
    ("calls", "text"),
    [
        ({"A": "NORMAL"}, ""),
        ({"A": "NORMAL", "B": "NORMAL"}, "Both models say **NORMAL**."),
        ({"A": "VIRAL", "B": "VIRAL", "C": "VIRAL"}, "All 3 models say **VIRAL**."),
        (
            {"A": "NORMAL", "B": "PNEUMONIA", "C": "NORMAL"},
            "They disagree: A and C say **NORMAL**, B says **PNEUMONIA**.",
        ),
        (
            {"A": "PNEUMONIA", "B": "VIRAL"},
            "They agree on pneumonia and name it differently: A says **PNEUMONIA**, B says **VIRAL**.",
        ),
    ],
)
def test_agreement_in_a_sentence(calls, text):
    assert agreement(calls) == text


def test_what_is_healthy_is_told_by_the_models_and_not_by_the_word():
    healthy = ("NORMAL", "sano")
    assert agreement({"A": "sano", "B": "PNEUMONIA"}, healthy) == "They disagree: A says **sano**, B says **PNEUMONIA**."
    assert agreement({"A": "sano", "B": "NORMAL"}, healthy).startswith("They agree that nothing is found and name it differently:")
