import numpy as np
import pytest

from dashboard.figures.remedies import focal_curve, predictive_curves


def test_a_line_for_each_gamma():
    probability = np.array([0.5, 0.9])
    figure = focal_curve(probability, {"γ = 0": np.ones(2), "γ = 2": (1 - probability) ** 2})
    assert [line.name for line in figure.data] == ["γ = 0", "γ = 2"]
    assert figure.data[1].y.tolist() == pytest.approx([0.25, 0.01])


def test_predictive_values_are_drawn_in_percent_with_the_chosen_place():
    figure = predictive_curves(np.array([0.05, 0.5]), np.array([0.2, 0.8]), np.array([0.99, 0.9]), {"slider": 0.62})
    ppv, npv = figure.data
    assert list(ppv.x) == [5, 50] and list(ppv.y) == [20, 80] and list(npv.y) == [99, 90]
    assert figure.layout.shapes[0].x0 == 62
