from dashboard.figures.disagreement import COLOURS, disagreement_figure


def test_parts_are_drawn_with_their_counts_and_empty_ones_are_left_out():
    figure = disagreement_figure({"Both right": 500, "A right, B wrong": 0, "A wrong, B right": 24, "Both wrong": 100})
    assert [trace.name for trace in figure.data] == ["Both right: 500", "A wrong, B right: 24", "Both wrong: 100"]
    assert sum(trace.x[0] for trace in figure.data) == 624
    assert (figure.data[0].marker.color, figure.data[-1].marker.color) == (COLOURS[0], COLOURS[-1])
    assert "624" in figure.layout.xaxis.title.text


def test_no_image_at_all_draws_an_empty_bar():
    assert not disagreement_figure({"Both right": 0, "Both wrong": 0}).data
