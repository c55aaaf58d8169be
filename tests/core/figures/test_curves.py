"""ROC, precision–recall, calibration and threshold figures: drawn data, labels, colours."""

import numpy as np
import pandas as pd
import pytest

from core.figures.calibration import calibration_figure
from core.figures.precision_recall import precision_recall_figure
from core.figures.roc import roc_figure
from core.figures.thresholds import thresholds_figure

COLOURS = {"A": "#111111", "B": "#222222"}
OPERATING = {"A": {"sensitivity": 0.9, "specificity": 0.7, "precision": 0.8, "threshold": 0.6}}


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def test_roc_draws_each_run_in_its_colour_and_marks_the_operating_point():
    points = pd.DataFrame({"fpr": [0, 0.2, 1], "tpr": [0, 0.8, 1], "threshold": [np.inf, 0.5, 0]})
    figure = roc_figure({"A": points, "B": points}, COLOURS, OPERATING)
    assert trace(figure, "B").line.color == "#222222"
    assert list(trace(figure, "A").y) == [0, 0.8, 1]
    assert list(trace(figure, "A").customdata) == [1, 0.5, 0], "an infinite threshold cannot be shown"
    marked = trace(figure, "A, in use")
    assert (marked.x[0], marked.y[0]) == pytest.approx((0.3, 0.9))
    assert "specificity" in figure.layout.xaxis.title.text


def test_roc_of_a_missing_class_draws_only_chance():
    figure = roc_figure({"A": pd.DataFrame(columns=["fpr", "tpr", "threshold"], dtype=float)}, COLOURS)
    assert list(trace(figure, "chance").x) == [0, 1]
    assert len(trace(figure, "A").x) == 0


def test_precision_recall_never_joins_points_by_a_slope():
    points = pd.DataFrame({"recall": [0.5, 1.0], "precision": [1.0, 0.6], "threshold": [0.9, 0.2]})
    figure = precision_recall_figure({"A": points}, COLOURS, OPERATING)
    assert trace(figure, "A").line.shape == "vh"
    assert (trace(figure, "A, in use").x[0], trace(figure, "A, in use").y[0]) == (0.9, 0.8)


def test_calibration_draws_intervals_around_the_observed_share():
    points = pd.DataFrame({"predicted": [0.2], "observed": [0.3], "low": [0.1], "high": [0.6], "n_samples": [7]})
    figure = calibration_figure({"A": points}, COLOURS, {"A": points.assign(predicted=0.35)})
    drawn = trace(figure, "A")
    assert drawn.error_y.array[0] == pytest.approx(0.3)
    assert drawn.error_y.arrayminus[0] == pytest.approx(0.2)
    assert drawn.customdata[0] == 7
    assert list(trace(figure, "A, images").y) == [7]
    assert (trace(figure, "A, scaled").x[0], trace(figure, "A, scaled").line.dash) == (0.35, "dash")


def test_thresholds_draws_both_rates_and_their_points_in_use():
    points = pd.DataFrame({"threshold": [0, 1], "sensitivity": [1, 0], "specificity": [0, 1]})
    figure = thresholds_figure({"A": points}, COLOURS, OPERATING)
    assert list(trace(figure, "A, sensitivity").y) == [1, 0]
    assert trace(figure, "A, specificity").line.dash == "dash"
    assert (trace(figure, "A, specificity, in use").x[0], trace(figure, "A, specificity, in use").y[0]) == (0.6, 0.7)
