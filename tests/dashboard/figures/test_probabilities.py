from core.figures.palette import class_colour
from dashboard.figures.probabilities import probabilities_figure

TWO = {"A": {"NORMAL": 0.3, "PNEUMONIA": 0.7}}
THREE = {"B": {"NORMAL": 0.2, "BACTERIAL": 0.5, "VIRAL": 0.3}}


def test_a_score_is_one_dot_in_the_colour_of_the_call_beside_its_threshold():
    figure = probabilities_figure(TWO, {"A": 0.6})
    score, threshold = figure.data
    assert (score.name, threshold.name) == ("score", "threshold")
    assert list(score.x) == [0.7] and list(threshold.x) == [0.6] and score.y == threshold.y
    assert score.marker.color == (class_colour("PNEUMONIA"),)
    assert probabilities_figure(TWO, {"A": 0.8}).data[0].marker.color == (class_colour("NORMAL"),)


def test_the_strip_changes_colour_at_the_threshold():
    left, right = probabilities_figure(TWO, {"A": 0.6}).layout.shapes
    assert (left.x0, left.x1, right.x0, right.x1) == (0, 0.6, 0.6, 1)
    assert left.fillcolor != right.fillcolor


def test_models_of_other_classes_share_the_axis_with_a_dot_a_class():
    figure = probabilities_figure(TWO | THREE, {"A": 0.6, "B": None})
    scores = [trace for trace in figure.data if trace.name == "score"]
    assert [list(trace.x) for trace in scores] == [[0.7], [0.2, 0.5, 0.3]]
    assert list(scores[1].customdata) == ["NORMAL", "BACTERIAL", "VIRAL"]
    assert [len(trace.x) for trace in figure.data if trace.name == "threshold"] == [1]
    assert figure.layout.xaxis.title.text == "Probability of a class"


def test_range_and_calibrated_value_are_marked_in_the_row_of_the_run():
    figure = probabilities_figure(TWO, {"A": 0.6}, intervals={"A": (0.5, 0.8)}, calibrated={"A": 0.65})
    marks = {trace.name: trace for trace in figure.data}
    assert list(marks["flips and shifts"].x) == [0.5, 0.8]
    assert list(marks["calibrated"].x) == [0.65]
    assert marks["calibrated"].y == marks["score"].y
    assert figure.layout.xaxis.title.text == "Probability of PNEUMONIA"
