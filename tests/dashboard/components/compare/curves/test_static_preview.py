"""The still picture says what the figure says."""

import base64
import re

import pandas as pd
import pytest

from dashboard.components.compare.curves.static_preview import still
from dashboard.figures.det import det_figure
from dashboard.figures.many_runs import FADED, abridge
from dashboard.figures.roc import roc_figure
from dashboard.figures.threshold_curves import WHOLE

POINTS = pd.DataFrame({"fpr": [0.0, 0.5, 1.0], "tpr": [0.0, 0.9, 1.0], "threshold": [1.0, 0.4, 0.0]})
IN_USE = {"A": {"sensitivity": 0.9, "specificity": 0.5, "threshold": 0.4}}


def svg(html):
    return base64.b64decode(re.search('base64,([^"]+)', html)[1]).decode()


def test_lines_and_marks_lie_where_the_figure_has_them():
    html = still(roc_figure({"A": POINTS}, {"A": "#123456"}, IN_USE), "ROC of <A>")
    low, high = WHOLE
    left, up = (100 * (value - low) / (high - low) for value in (0.5, 0.9))
    assert f"{left:.2f},{100 - up:.2f}" in svg(html) and 'stroke="#123456"' in svg(html)
    assert f"background:#123456;left:{left:.2f}%;bottom:{up:.2f}%" in html
    assert 'alt="ROC of &lt;A&gt;"' in html and "Sensitivity" in html
    assert re.findall(r">([0-9.]+)</span>", html) == ["0", "0.2", "0.4", "0.6", "0.8", "1"] * 2


def test_a_run_out_of_focus_is_faint():
    figure = abridge(roc_figure({"A": POINTS, "B": POINTS}, {"A": "#111111", "B": "#222222"}), ["A", "B"], "B")
    assert re.findall('"(#[0-9]+)".+?opacity="([0-9.]+)"', svg(still(figure, "ROC"))) == [("#111111", str(FADED)), ("#222222", "1")]


def test_axes_with_labels_of_their_own_have_no_picture():
    points = pd.DataFrame({"fpr": [0.1, 0.2], "fnr": [0.2, 0.1], "threshold": [0.6, 0.4], "x": [-1.3, -0.8], "y": [-0.8, -1.3]})
    assert still(det_figure({"A": points}, {"A": "#123456"}), "DET") == ""


@pytest.mark.parametrize("curves", [{}, {"A": POINTS.iloc[:0]}])
def test_nothing_to_draw_leaves_the_axes(curves):
    assert "Sensitivity" in still(roc_figure(curves, {"A": "#123456"}), "ROC")
