import pandas as pd

from dashboard.figures.map_check import check_figure

LINES = pd.DataFrame({"series": ["map", "map", "random", "random"], "x": [0, 100, 0, 100], "y": [1.0, 0.1, 1.0, 0.4]})
BARS = pd.DataFrame({"series": ["Occlusion", "SmoothGrad"], "x": [0, 0], "y": [0.7, 0.2]})


def test_one_line_a_series_and_controls_are_dashed():
    figure = check_figure(LINES, "line", "removed, %", "probability")
    assert [trace.name for trace in figure.data] == ["map", "random"]
    assert [trace.line.dash for trace in figure.data] == ["solid", "dot"]
    assert list(figure.data[1].y) == [1.0, 0.4]
    assert figure.layout.xaxis.title.text == "removed, %"


def test_one_bar_a_series():
    figure = check_figure(BARS, "bar", "method", "similarity")
    assert list(figure.data[0].x) == ["Occlusion", "SmoothGrad"]
    assert list(figure.data[0].y) == [0.7, 0.2]
    assert figure.layout.yaxis.title.text == "similarity"
