import pytest

from dashboard.figures.subtype import subtype_figure


def test_rows_name_their_number_of_images_and_intervals_are_around_the_value():
    recalls = {"A": {"BACTERIAL": (0.9, 0.8, 0.95, 242), "VIRAL": (0.7, 0.6, 0.8, 148)}, "B": {"BACTERIAL": (0.5, 0.4, 0.6, 242)}}
    figure = subtype_figure(recalls, {"A": "#111111", "B": "#222222"})
    drawn = figure.data[0]
    assert list(drawn.y) == ["Bacterial (n = 242)", "Viral (n = 148)"]
    assert list(drawn.error_x.array) == pytest.approx([0.05, 0.1])
    assert list(drawn.error_x.arrayminus) == pytest.approx([0.1, 0.1])
    assert figure.data[1].marker.color == "#222222"
