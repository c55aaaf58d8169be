import numpy as np
import pytest

from core.audit.label_errors.confident import contradicted


def test_calls_confidence_and_margin_worked_by_hand():
    """Ten images, five a class. Mean probability of the own class: 0: (0.9 + 0.8 + 0.7 + 0.6 + 0.3) / 5 = 0.66; 1: 4.1 / 5 = 0.82."""
    y = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    ill = np.array([0.1, 0.2, 0.3, 0.4, 0.7, 0.95, 0.9, 0.85, 0.9, 0.5])
    said = contradicted(y, np.stack([1 - ill, ill], axis=1))
    # 0.6 of class 0 is below 0.66, and so is 0.4 of class 1 below 0.82: confident of neither. 0.7 of class 1 is no contradiction.
    assert said.called.tolist() == [0, 0, 0, -1, -1, 1, 1, 1, 1, -1]
    assert said.confidence.tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.3, 0.95, 0.9, 0.85, 0.9, 0.5])
    assert said.margin.tolist() == pytest.approx([0.8, 0.6, 0.4, 0.2, -0.4, 0.9, 0.8, 0.7, 0.8, 0.0])


def test_of_two_classes_that_are_reached_the_more_probable_counts():
    """A shy model: the means are 0.5, 0.4 and 0.3, so (0.35, 0.45, 0.2) reaches class 1 alone and (0.5, 0.5, 0) both."""
    means = np.array([[0.5, 0.25, 0.25], [0.3, 0.4, 0.3], [0.35, 0.35, 0.3]])
    y = np.repeat([0, 1, 2], 20)
    scores = np.vstack([means[y], [[0.35, 0.45, 0.2], [0.41, 0.59, 0.0], [0.2, 0.2, 0.6]]])
    said = contradicted(np.append(y, [0, 0, 0]), scores)
    assert said.called[-3:].tolist() == [1, 1, 2]


def test_nothing_is_called_a_class_of_four_images():
    y = np.array([0] * 6 + [1] * 4)
    ill = np.array([0.1] * 5 + [1.0] + [0.9] * 4)
    assert (contradicted(y, np.stack([1 - ill, ill], axis=1)).called != 1).all()
