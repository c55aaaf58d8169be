import pytest

from dashboard.components.agreement import agreement


@pytest.mark.parametrize(
    ("calls", "text"),
    [
        ({"A": "NORMAL"}, ""),
        ({"A": "NORMAL", "B": "NORMAL"}, "Both models call **NORMAL**."),
        ({"A": "VIRAL", "B": "VIRAL", "C": "VIRAL"}, "All 3 models call **VIRAL**."),
        (
            {"A": "NORMAL", "B": "PNEUMONIA", "C": "NORMAL"},
            "The models disagree: A and C call **NORMAL**, B calls **PNEUMONIA**.",
        ),
        (
            {"A": "PNEUMONIA", "B": "VIRAL"},
            "The models agree on pneumonia and name it differently: A calls **PNEUMONIA**, B calls **VIRAL**.",
        ),
    ],
)
def test_agreement_in_a_sentence(calls, text):
    assert agreement(calls) == text


def test_what_is_healthy_is_told_by_the_models_and_not_by_the_word():
    healthy = ("NORMAL", "sano")
    assert agreement({"A": "sano", "B": "PNEUMONIA"}, healthy) == "The models disagree: A calls **sano**, B calls **PNEUMONIA**."
    assert agreement({"A": "sano", "B": "NORMAL"}, healthy).startswith("The models agree that nothing is found and name it differently:")
