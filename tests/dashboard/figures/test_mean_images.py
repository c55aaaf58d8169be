import numpy as np
import pandas as pd
import pytest

from dashboard.figures.labels import short
from dashboard.figures.mean_images import brightness, grey_levels, mean_difference, mean_picture, sizes


def test_a_mean_picture_keeps_its_grey_levels_and_stands_upright():
    figure = mean_picture(np.array([[0.0, 255.0], [100.0, 50.04]]), "NORMAL")
    assert figure.data[0].z.tolist() == [[0, 255], [100, 50]]
    assert (figure.data[0].zmin, figure.data[0].zmax, figure.layout.yaxis.autorange) == (0, 255, "reversed")


def test_the_colours_of_a_difference_are_even_about_nought():
    heatmap = mean_difference(np.array([[-3.0, 12.0]]), "a", "b").data[0]
    assert (heatmap.zmin, heatmap.zmax) == (-12, 12)
    assert mean_difference(np.zeros((2, 2)), "a", "b").data[0].zmax == 1


def test_grey_levels_are_shares_of_the_pixels_by_four_levels():
    histogram = np.zeros(256, int)
    histogram[[0, 3, 4, 255]] = [10, 20, 30, 40]
    line = grey_levels({"NORMAL": histogram}).data[0]
    assert line.x[0] == 1.5 and line.y[0] == 30 and line.y[1] == 30 and line.y[-1] == 40
    assert sum(line.y) == pytest.approx(100)


def test_brightness_counts_each_class_in_percent_of_itself():
    few, many = brightness({"a": np.array([10.0, 20.0]), "b": np.full(1000, 15.0)}, "Mean grey level").data
    assert sum(few.y) == pytest.approx(100) and sum(many.y) == pytest.approx(100)
    assert few.x[np.argmax(many.y)] == pytest.approx(15, abs=0.2)


def test_dots_grow_with_their_images():
    cells = pd.DataFrame({"label": ["a", "a", "b"], "width": [100, 200, 100], "height": [50, 60, 70], "n": [1, 100, 25]})
    a, b = sizes(cells).data
    assert list(a.x) == [100, 200] and list(b.y) == [70]
    assert a.marker.size[1] == 27 and a.marker.size[0] < b.marker.size[0] < 27


def test_long_names_keep_both_ends_and_markup_is_plain():
    assert short("a" * 100 + "zebra", 22).endswith("zebra") and len(short("a" * 300, 22)) == 22
    assert short("<b>x & y") == "&lt;b>x &amp; y"
