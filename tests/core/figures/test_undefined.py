"""Figures of a test set of one class: empty where nothing is defined, and never a mark without a place."""

import numpy as np
import pytest

from core.figures.decision_curve import decision_curve_figure
from core.figures.det import det_figure
from core.figures.precision_recall import precision_recall_figure
from core.figures.roc import roc_figure
from core.figures.thresholds import thresholds_figure
from core.metrics import curves as points
from core.metrics.decision_curve import decision_curve

NAN = float("nan")
FIGURES = {
    "roc": (points.roc_points, roc_figure),
    "det": (points.det_points, det_figure),
    "precision and recall": (points.precision_recall_points, precision_recall_figure),
    "thresholds": (points.rates_by_threshold, thresholds_figure),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("kind", FIGURES)
def test_a_point_that_is_not_defined_is_not_drawn(kind, label):
    table, figure = FIGURES[kind]
    curve = table(np.full(3, label), np.array([0.2, 0.5, 0.9]))
    rates = {"sensitivity": 2 / 3 if label else NAN, "specificity": NAN if label else 2 / 3, "precision": NAN, "threshold": 0.4}
    drawn = figure({"A": curve}, {"A": "#000000"}, {"A": rates})
    marks = [trace for trace in drawn.data if "in use" in trace.name]
    assert all(np.isfinite([mark.x[0], mark.y[0]]).all() for mark in marks)
    assert len(marks) == (1 if kind == "thresholds" else 0)


def test_decisions_without_one_class_keep_an_axis():
    curve = decision_curve(np.ones(3, int), np.array([0.2, 0.5, 0.9]))
    low, high = decision_curve_figure({"A": curve}, {"A": "#000000"}).layout.yaxis.range
    assert np.isfinite([low, high]).all() and low < 0 < high
