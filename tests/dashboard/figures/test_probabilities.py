from dashboard.figures.palette import class_colour
from dashboard.figures.probabilities import probabilities_figure

TWO = {"A": {"NORMAL": 0.3, "PNEUMONIA": 0.7}}
THREE = {"B": {"NORMAL": 0.2, "BACTERIAL": 0.5, "VIRAL": 0.3}}


def test_pneumonia_starts_at_zero_so_that_the_threshold_is_on_it():
    figure = probabilities_figure(TWO, {"A": 0.6})
    assert [trace.name for trace in figure.data] == ["Pneumonia", "Normal", "threshold"]
    assert figure.data[0].x[0] == 0.7
    assert figure.data[0].marker.color == class_colour("PNEUMONIA")
    assert (figure.data[2].x[0], figure.data[2].y[0]) == (0.6, "A")


def test_models_of_other_classes_share_the_figure_and_have_no_threshold():
    figure = probabilities_figure(TWO | THREE, {"A": 0.6, "B": None})
    assert [trace.name for trace in figure.data] == ["Pneumonia", "Viral", "Bacterial", "Normal", "threshold"]
    drawn = {trace.name: list(trace.y) for trace in figure.data}
    assert drawn["Normal"] == ["A", "B"]
    assert drawn["Viral"] == ["B"]
    assert drawn["threshold"] == ["A"]


def test_interval_and_calibrated_value_are_marked_on_the_bar():
    figure = probabilities_figure(TWO, {"A": 0.6}, intervals={"A": (0.5, 0.8)}, calibrated={"A": 0.65})
    marks = {trace.name: trace for trace in figure.data}
    assert list(marks["flips and shifts"].x) == [0.5, 0.8]
    assert list(marks["calibrated"].x) == [0.65]
    assert list(marks["calibrated"].y) == ["A"]
