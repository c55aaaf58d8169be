"""Inline SVG: points where they belong, round ticks, nothing outside the axes."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from core.reporting.html.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Line, chart, steps, ticks


def points(svg):
    found = [line.get("points") for line in ElementTree.fromstring(svg).iter("polyline")]
    return [np.array([[float(number) for number in pair.split(",")] for pair in text.split()]) for text in found]


def test_corners_of_the_data_are_corners_of_the_drawing():
    (drawn,) = points(chart([Line("a", [0, 1], [0, 1], "#123456")], "x", "y"))
    assert drawn.tolist() == [[LEFT, HEIGHT - BOTTOM], [WIDTH - RIGHT, TOP]]
    (drawn,) = points(chart([Line("a", [2, 3], [10, 10], "#123456")], "x", "y", (1, 3), (0, 20)))
    assert drawn[0].tolist() == [(LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2]


def test_what_is_not_finite_is_left_out_and_what_is_outside_is_cut():
    (drawn,) = points(chart([Line("a", [0, 0.5, 1], [np.nan, 7, -3], "#123456")], "x", "y"))
    assert drawn[:, 1].tolist() == [TOP, HEIGHT - BOTTOM]
    assert "nan" not in chart([Line("a", [], [], "#123456")], "x", "y")


def test_labels_are_escaped_and_read_out():
    root = ElementTree.fromstring(chart([Line("<b> & co", [0], [0], "#123456", dots=True)], "x < 1", "y"))
    assert "<b> & co" in root.get("aria-label") and root.get("role") == "img"
    assert root.find(".//title").text == "<b> & co" and root.find(".//circle").get("fill") == "#123456"


def test_the_outline_of_a_histogram():
    x, y = steps([0, 0.5, 1], [2, 3])
    assert x.tolist() == [0, 0, 0.5, 0.5, 1, 1] and y.tolist() == [0, 2, 2, 3, 3, 0]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((0, 1), [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ((-0.16, 0.65), [0, 0.2, 0.4, 0.6]),
        ((1, 10), [2, 4, 6, 8, 10]),
        ((0, 0.05), [0, 0.01, 0.02, 0.03, 0.04, 0.05]),
    ],
)
def test_ticks_are_round(limits, expected):
    assert ticks(*limits) == pytest.approx(expected)
    assert re.search(r">0\.2<", str(chart([], "x", "y")))
