"""Figures as SVG: points where they belong, the looks of the figure, round ticks, nothing outside the axes."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.figures.calibration import calibration_figure
from core.figures.decision_curve import decision_curve_figure
from core.figures.det import deviate
from core.figures.many_runs import FADED, abridge
from core.figures.precision_recall import precision_recall_figure
from core.figures.roc import roc_figure
from core.figures.score_histogram import score_histogram_figure
from core.figures.svg import BOTTOM, LEFT, RIGHT, TOP, legend, to_picture, to_svg
from core.figures.svg.axes import round_values
from core.metrics.curves import det_points
from core.reporting.curves import CURVES

WIDTH, HEIGHT = 460, 350
POINTS = pd.DataFrame({"fpr": [0.0, 0.5, 1.0], "tpr": [0.0, 0.9, 1.0], "threshold": [1.0, 0.4, 0.0]})
IN_USE = {"A": {"sensitivity": 0.9, "specificity": 0.5, "threshold": 0.4}}


def lines(*traces, x=(0, 1), y=(0, 1), **layout):
    return go.Figure(list(traces), {"xaxis": {"range": x}, "yaxis": {"range": y}, **layout})


def line(x, y, **look):
    return go.Scatter(x=x, y=y, mode="lines", line={"color": "#123456", "width": 2, **look})


def parsed(figure):
    return ElementTree.fromstring(to_svg(figure, "alt", WIDTH, HEIGHT))


def points(root, tag="polyline"):
    found = [element.get("points") for element in root.iter(tag)]
    return [[[float(number) for number in pair.split(",")] for pair in text.split()] for text in found]


def test_corners_of_the_data_are_corners_of_the_drawing():
    assert points(parsed(lines(line([0, 1], [0, 1])))) == [[[LEFT, HEIGHT - BOTTOM], [WIDTH - RIGHT, TOP]]]
    ((first, _),) = points(parsed(lines(line([2, 3], [10, 10]), x=(1, 3), y=(0, 20))))
    assert first == [(LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2]


def test_limits_that_a_figure_leaves_open_hold_all_its_points():
    ((first, last),) = points(parsed(go.Figure(line([1, 3], [5, 9]))))
    assert LEFT < first[0] < last[0] < WIDTH - RIGHT and HEIGHT - BOTTOM > first[1] > last[1] > TOP
    ((foot, _),) = points(parsed(go.Figure(line([1, 3], [0, 9]))))
    assert foot[1] == HEIGHT - BOTTOM


def test_what_is_not_finite_is_left_out_and_what_is_outside_is_cut_by_the_panel():
    root = parsed(lines(line([0, 0.5, 1], [np.nan, 7, None])))
    assert [len(drawn) for drawn in points(root)] == [1]
    panel = next(child for child in root if child.tag == "svg")
    assert [panel.get(name) for name in ("x", "width", "y")] == [f"{LEFT:.1f}", f"{WIDTH - LEFT - RIGHT:.1f}", f"{TOP:.1f}"]
    assert "nan" not in to_svg(lines(line([], [])), "alt")


def test_steps_go_up_before_they_go_right():
    table = pd.DataFrame({"recall": [0.0, 1.0], "precision": [1.0, 0.0], "threshold": [0.9, 0.1]})
    ((first, corner, last),) = points(parsed(precision_recall_figure({"A": table}, {"A": "#123456"})))
    assert corner == [first[0], last[1]]
    ((first, corner, last),) = points(parsed(lines(line([0, 1], [0, 1], shape="hv"))))
    assert corner == [last[0], first[1]]


def test_names_are_escaped_and_read_out():
    figure = roc_figure({"<b> & co": POINTS}, {"<b> & co": "#123456"})
    root = ElementTree.fromstring(to_svg(figure, "ROC of <A>"))
    assert root.get("aria-label") == "ROC of <A>" and root.get("role") == "img"
    assert [title.text for title in root.iter("title")] == ["chance", "<b> & co"]
    assert "&lt;b&gt; &amp; co" in legend(figure) and 'stroke="#123456"' in legend(figure)


def test_marks_in_use_are_drawn_and_stay_out_of_the_legend():
    figure = roc_figure({"A": POINTS}, {"A": "#123456"}, IN_USE)
    (mark,) = parsed(figure).iter("circle")
    assert (mark.get("fill"), mark.get("stroke"), mark.get("r")) == ("#123456", "white", "6")
    assert [float(mark.get("cx")), float(mark.get("cy"))] in points(parsed(figure))[1], "on the curve"
    assert "in use" not in legend(figure)


def test_a_run_out_of_focus_is_faint():
    figure = abridge(roc_figure({"A": POINTS, "B": POINTS}, {"A": "#111111", "B": "#222222"}), ["A", "B"], "B")
    groups = {group.find("title").text: group.get("opacity") for group in parsed(figure).iter("g")}
    assert groups == {"chance": None, "A": str(FADED), "B": None}


def test_a_band_lies_between_its_ends():
    table = pd.DataFrame({"fpr": [0.0, 1.0], "tpr": [0.5, 0.5], "tpr_low": [0.4, 0.4], "tpr_high": [0.6, 0.6]})
    root = parsed(roc_figure({"A": table}, {"A": "#123456"}))
    (area,) = points(root, "polygon")
    mean = points(root)[-1]
    assert sorted({up for _, up in area})[0] < mean[0][1] < sorted({up for _, up in area})[1]
    assert len(points(root)) == 2, "the diagonal and the mean; the ends of the band are not seen"


def test_panels_stand_one_above_the_other_with_their_titles_and_thresholds():
    table = pd.DataFrame(
        {"class_name": ["NORMAL", "PNEUMONIA"], "left": [0.0, 0.5], "right": [0.5, 1.0], "count": [3, 1], "share": [1.0, 0.5]}
    )
    root = parsed(score_histogram_figure({"A": table, "B": table}, {"A": 0.5, "B": None}, "Probability of pneumonia"))
    bars = [(float(bar.get("x")), float(bar.get("y")), float(bar.get("height"))) for bar in root.iter("rect")]
    assert [round(bar[0]) for bar in bars] == [LEFT, LEFT + (WIDTH - LEFT - RIGHT) // 2] * 2
    assert bars[0][1] < bars[2][1] and bars[0][2] == pytest.approx(2 * bars[1][2], abs=0.2)
    words = [word.text for word in root.iter("text")]
    assert {"A", "B", "50%", "Probability of pneumonia"} <= set(words) and words.count("0.2") == 1, "ticks of the last panel alone"
    assert sum(rule.get("stroke-dasharray") == "7 5" for rule in root.iter("line")) == 1


def test_intervals_counts_and_the_line_after_scaling():
    table = pd.DataFrame({"predicted": [0.2, 0.8], "observed": [0.3, 0.7], "low": [0.1, 0.6], "high": [0.5, 0.9], "n_samples": [4, 2]})
    figure = calibration_figure({"A": table}, {"A": "#123456"}, {"A": table})
    root = parsed(figure)
    bars = [rule for rule in root.iter("line") if rule.get("stroke") == "#123456"]
    dots = [(dot.get("cx"), float(dot.get("cy"))) for dot in root.iter("circle")]
    assert [bar.get("x1") for bar in bars] == [across for across, _ in dots]
    assert all(float(bar.get("y1")) > up > float(bar.get("y2")) for bar, (_, up) in zip(bars, dots, strict=True))
    assert len(list(root.iter("rect"))) == 2 and len(points(root, "polygon")) == 2
    assert re.findall(r"</svg> ([^<]+)<", legend(figure)) == ["perfect", "A", "A, scaled"]


def test_the_weight_of_a_missed_case_is_marked():
    curve = pd.DataFrame({"threshold": [0.1, 0.5], "net_benefit": [0.6, 0.4], "treat_all": [0.55, 0.2]})
    root = parsed(decision_curve_figure({"A": curve}, {"A": "#123456"}, 0.2))
    (note,) = [word for word in root.iter("text") if word.text == "k = 4"]
    assert float(note.get("x")) == pytest.approx(LEFT + 0.2 * (WIDTH - LEFT - RIGHT) + 4)


def test_axes_with_labels_of_their_own_keep_them():
    table = det_points(np.array([0, 1, 0, 1]), np.array([0.1, 0.9, 0.6, 0.4]))
    root = parsed(CURVES["DET"].figure({"A": table}, {"A": "#123456"}))
    (label,) = [word for word in root.iter("text") if word.text == "20 %" and word.get("text-anchor") == "middle"]
    low, high = deviate(0.0005) - 0.1, deviate(0.97)
    assert float(label.get("x")) == pytest.approx(LEFT + (deviate(0.2) - low) / (high - low) * (WIDTH - LEFT - RIGHT), abs=0.1)


@pytest.mark.parametrize("curves", [{}, {"A": POINTS.iloc[:0]}])
def test_a_picture_holds_its_source_and_axes_also_without_a_curve(curves):
    html = to_picture(roc_figure(curves, {"A": "#123456"}), "ROC of <A>")
    assert 'alt="ROC of &lt;A&gt;"' in html and "http" not in html
    root = ElementTree.fromstring(base64.b64decode(re.search('base64,([^"]+)', html)[1]))
    assert "Sensitivity" in [word.text for word in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((-0.01, 1.02), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((-0.16, 0.65), [0, 0.2, 0.4, 0.6]),
        ((1, 10), [2, 4, 6, 8, 10]),
        ((0, 0.05), [0, 0.01, 0.02, 0.03, 0.04, 0.05]),
    ],
)
def test_ticks_are_round(limits, expected):
    assert round_values(*limits) == pytest.approx(expected)
