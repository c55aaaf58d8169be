import numpy as np
import pytest

from dashboard.figures.palette import CLASS_COLOURS
from dashboard.figures.remedies import epoch_bars, focal_curve, predictive_curves


def test_bars_are_shares_of_each_stage():
    normal, pneumonia = epoch_bars({"Training images": [25, 75], "Shown in an epoch": [75, 75]}, ["NORMAL", "PNEUMONIA"]).data
    assert list(normal.x) == [25, 50] and list(pneumonia.x) == [75, 50]
    assert normal.marker.color == CLASS_COLOURS["NORMAL"]


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
