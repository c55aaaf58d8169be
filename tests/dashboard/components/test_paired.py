"""Sentences about differences: counts, directions, and whether chance explains them."""

import pytest

from core.metrics.comparison import BOOTSTRAP, MCNEMAR, Difference
from dashboard.components.paired import p_text, sentence


def difference(metric, value, n, p_value, test=MCNEMAR):
    return Difference("a", "b", metric, value, value - 0.02, value + 0.02, p_value, test, n)


def test_two_classes_are_told_in_found_pneumonias_and_false_alarms():
    found = [
        difference("accuracy", 3 / 624, 624, 0.8),
        difference("specificity", -9 / 234, 234, 0.31),
        difference("sensitivity", 12 / 390, 390, 0.004),
        difference("roc_auc", -0.01, 624, 0.2, BOOTSTRAP),
    ]
    text = sentence(found, "A", "B")
    assert "**B** finds 12 more of the 390 pneumonias (p = 0.004, more than chance)" in text
    assert "raises 9 more false alarms on the 234 normal images (p = 0.31, within chance)" in text
    assert "accuracy is 0.005 higher (−0.015 to +0.025; p = 0.80, within chance)" in text
    assert "ROC AUC is 0.010 lower (−0.030 to +0.010; p = 0.20, within chance)" in text


def test_no_difference_is_called_none():
    found = [difference(name, 0.0, 10, 1.0) for name in ("accuracy", "specificity", "sensitivity", "roc_auc")]
    text = sentence(found, "A", "B")
    assert "finds as many of the 10 pneumonias" in text
    assert "raises as many false alarms" in text
    assert "accuracy is the same" in text


def test_three_classes_are_told_class_by_class():
    names = ("accuracy", "recall_NORMAL", "recall_BACTERIAL", "recall_VIRAL", "roc_auc")
    text = sentence([difference(name, -0.1, 20, 0.5) for name in names], "A", "B")
    assert "recognises 2 fewer of the 20 normal images" in text
    assert "2 fewer of the 20 viral images" in text


@pytest.mark.parametrize(
    ("p_value", "text"),
    [
        (0.31, "p = 0.31, within chance"),
        (0.0513, "p = 0.051, within chance"),
        (0.049, "p = 0.049, more than chance"),
        (1e-5, "p < 0.001, more than chance"),
    ],
)
def test_p_values_are_put_into_words(p_value, text):
    assert p_text(p_value) == text
