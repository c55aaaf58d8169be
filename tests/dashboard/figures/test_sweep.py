import math

import pytest

from dashboard.figures.sweep import STATE_COLOURS, grid_figure, parallel_figure


def test_the_grid_shows_the_state_and_the_words_of_each_training():
    figure = grid_figure(["a", "b"], ["seed 0", "seed 1"], [["finished", "failed"], ["training", ""]], [["0.1", "failed"], ["epoch 2", ""]])
    (heatmap,) = figure.data
    known = list(STATE_COLOURS)
    assert list(heatmap.z[0]) == [known.index("finished"), known.index("failed")] and math.isnan(heatmap.z[1][1])
    assert [list(row) for row in heatmap.text] == [["0.1", "failed"], ["epoch 2", ""]]
    assert heatmap.zmin == -0.5 and heatmap.zmax == len(known) - 0.5  # each state falls into the middle of its colour
    assert [colour for _, colour in heatmap.colorscale][::2] == list(STATE_COLOURS.values())


@pytest.mark.parametrize("lower", [True, False])
def test_settings_get_axes_of_words_numbers_or_decades(lower):
    settings = {"system": ["A", "B", "A"], "learning rate": ["1e-4", "1e-2", "0.01"], "zoom": ["0", "0.1", "0.2"]}
    (lines,) = parallel_figure(settings, [0.3, 0.2, 0.5], "Validation loss", lower).data
    words, rates, zoom, metric = lines.dimensions
    assert list(words["values"]) == [0, 1, 0] and list(words["ticktext"]) == ["A", "B"]
    assert list(rates["values"]) == pytest.approx([-4, -2, -2]) and list(rates["ticktext"]) == ["0.0001", "0.01"]
    assert list(zoom["values"]) == [0, 0.1, 0.2] and list(metric["values"]) == [0.3, 0.2, 0.5] and metric["label"] == "Validation loss"
    assert lines.line.reversescale is (not lower) and (lines.line.cmin, lines.line.cmax) == (0.2, 0.5)


def test_the_first_axis_has_room_for_its_name_and_its_numbers():
    figure = parallel_figure({"label smoothing of all": [str(n / 10) for n in range(9)]}, list(range(9)), "Validation loss", True)
    assert figure.layout.margin.l >= 4 * len("label smoothing of all") and figure.data[0].dimensions[0].tickformat == ".3~g"
    assert parallel_figure({"zoom": [str(n / 1000) for n in range(9)]}, list(range(9)), "Validation loss", True).layout.margin.l >= 42


def test_words_that_are_no_finite_numbers_are_words():
    (lines,) = parallel_figure({"zoom": ["nan", "1"]}, [1.0, 2.0], "Validation loss", True).data
    assert list(lines.dimensions[0]["ticktext"]) == ["nan", "1"]
