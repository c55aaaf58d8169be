import numpy as np
import pytest

from dashboard.figures.confusion import confusion_difference_figure, confusion_figure


def test_rows_are_true_classes_and_each_cell_tells_count_and_share():
    figure = confusion_figure(np.array([[123, 111], [2, 388]]), ("NORMAL", "PNEUMONIA"))
    assert figure.data[0].z[0] == pytest.approx([123 / 234, 111 / 234])
    assert list(figure.data[0].y) == ["Normal", "Pneumonia"]
    assert figure.layout.yaxis.title.text == "True"
    cell = next(a for a in figure.layout.annotations if (a.x, a.y) == ("Normal", "Pneumonia"))
    assert cell.text == "<b>2</b><br>0.5%"


def test_text_stays_readable_on_deep_cells():
    figure = confusion_figure(np.array([[99, 1], [0, 0]]), ("NORMAL", "PNEUMONIA"))
    colours = {a.text: a.font.color for a in figure.layout.annotations}
    assert colours["<b>99</b><br>99.0%"] == "#ffffff"
    assert colours["<b>1</b><br>1.0%"] == "#16212c"


def test_a_class_without_images_has_counts_but_no_shares():
    figure = confusion_figure(np.array([[3, 1], [0, 0]]), ("NORMAL", "PNEUMONIA"))
    assert np.isnan(figure.data[0].z[1]).all()
    assert [a.text for a in figure.layout.annotations if a.y == "Pneumonia"] == ["<b>0</b>", "<b>0</b>"]


def test_difference_is_good_where_more_are_right_and_fewer_wrong():
    figure = confusion_difference_figure(np.array([[50, 50], [10, 190]]), np.array([[60, 40], [12, 188]]), ("NORMAL", "PNEUMONIA"))
    assert figure.data[0].z.tolist() == [[10, 10], [-1, -1]], "percentage points of the true class, signed by what is better"
    cells = {(a.y, a.x): a.text for a in figure.layout.annotations}
    assert cells["Normal", "Pneumonia"] == "<b>−10</b><br>−10.0 points"
    assert cells["Pneumonia", "Normal"] == "<b>+2</b><br>+1.0 points"


def test_equal_matrices_have_no_difference():
    same = np.array([[5, 0], [0, 0]])
    figure = confusion_difference_figure(same, same, ("NORMAL", "PNEUMONIA"))
    assert {a.text for a in figure.layout.annotations} == {"<b>0</b><br>0 points"}
