"""The curve of a probability over a setting."""

from dashboard.figures.what_if import what_if_figure


def test_a_line_for_each_model_its_threshold_and_the_film_as_it_is():
    curves, limits = {"A": [0.1, 0.5], "B": [0.2, 0.9]}, {"A": 0.4, "B": None}
    figure = what_if_figure([-10, 10], curves, limits, {"A": "#000000", "B": "#ffffff"}, "Rotation, degrees", "p(PNEUMONIA)", 0)
    assert [(line.name, list(line.x), list(line.y)) for line in figure.data] == [("A", [-10, 10], [0.1, 0.5]), ("B", [-10, 10], [0.2, 0.9])]
    assert [shape.y0 for shape in figure.layout.shapes if shape.y0 == shape.y1] == [0.4]
    assert [shape.x0 for shape in figure.layout.shapes if shape.x0 == shape.x1] == [0]
    assert figure.layout.xaxis.title.text == "Rotation, degrees"
