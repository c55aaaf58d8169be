import numpy as np
import pytest

from dashboard.figures.confusion import BETTER, SCALE, confusion_difference_figure, confusion_figure

NAMES = ("NORMAL", "PNEUMONIA")


def test_rows_are_true_classes_and_each_cell_tells_count_and_share():
    figure = confusion_figure(np.array([[123, 111], [2, 388]]), NAMES)
    cells = figure.data[0]
    assert cells.z[0] == pytest.approx([123 / 234, 111 / 234])
    assert list(cells.y) == ["Normal", "Pneumonia"]
    assert figure.layout.yaxis.title.text == "True"
    assert figure.layout.yaxis.autorange == "reversed"
    assert cells.text[1][0] == "<b>2</b><br>0.5%"


@pytest.mark.parametrize("scale", [SCALE, BETTER])
def test_the_ink_reads_on_every_cell(scale):
    cells = confusion_figure(np.array([[99, 1], [0, 0]]), NAMES).data[0]
    ink = luminance(cells.textfont.color)
    assert min((luminance(colour) + 0.05) / (ink + 0.05) for _, colour in scale) > 5, "WCAG 2 asks for 4.5"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return float(np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


def test_a_class_without_images_has_counts_but_no_shares():
    cells = confusion_figure(np.array([[3, 1], [0, 0]]), NAMES).data[0]
    assert list(cells.z[1]) == [0, 0], "Plotly would leave the cell out"
    assert list(cells.text[1]) == ["<b>0</b>", "<b>0</b>"]


def test_difference_is_good_where_more_are_right_and_fewer_wrong():
    figure = confusion_difference_figure(np.array([[50, 50], [10, 190]]), np.array([[60, 40], [12, 188]]), NAMES)
    cells = figure.data[0]
    assert cells.z.tolist() == [[10, 10], [-1, -1]], "percentage points of the true class, signed by what is better"
    assert cells.text[0][1] == "<b>−10</b><br>−10.0 points"
    assert cells.text[1][0] == "<b>+2</b><br>+1.0 points"
    assert (cells.zmin, cells.zmax) == (-10, 10)


def test_figures_side_by_side_may_share_their_colours():
    matrix = np.array([[50, 50], [10, 190]])
    assert confusion_difference_figure(matrix, matrix, NAMES, reach=12.5).data[0].zmax == 12.5


def test_equal_matrices_have_no_difference():
    same = np.array([[5, 0], [0, 0]])
    figure = confusion_difference_figure(same, same, NAMES)
    assert {text for row in figure.data[0].text for text in row} == {"<b>0</b><br>0 points"}
