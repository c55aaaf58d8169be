"""Confusion matrices as cells of text and shade."""

import re
from pathlib import Path

import numpy as np
import pytest

from core.metrics.evaluation import Evaluation
from core.metrics.statistics.intervals import Estimate
from dashboard.components.compare.confusion.confusion_matrix import matrix_cells, points_changed

CSS = (Path(__file__).parents[5] / "dashboard" / "components" / "compare" / "compare.css").read_text("utf-8")


def evaluation(matrix, **recalls):
    matrix = np.array(matrix)
    return Evaluation(int(matrix.sum()), 0.5, ("NORMAL", "PNEUMONIA"), matrix, {}, recalls)


def test_each_cell_tells_count_and_share_of_its_true_class():
    cells = matrix_cells([evaluation([[123, 111], [2, 1388]])], difference=False)
    assert (cells["0.matrix.01"], cells["0.matrix.01.share"], cells["0.matrix.01.fill"]) == ("111", "47.4\u00a0%", "0.474")
    assert (cells["0.matrix.11"], cells["0.matrix.10.share"]) == ("1,388", "0.1\u00a0%")


def test_a_class_without_images_has_counts_but_no_shares():
    cells = matrix_cells([evaluation([[3, 1], [0, 0]])], difference=False)
    assert (cells["0.matrix.10"], cells["0.matrix.10.share"], cells["0.matrix.10.fill"]) == ("0", "", "0.000")


def test_difference_is_good_where_more_are_right_and_fewer_wrong():
    runs = [evaluation([[50, 50], [10, 190]]), evaluation([[60, 40], [12, 188]]), evaluation([[50, 50], [10, 190]])]
    cells = matrix_cells(runs, difference=True)
    assert [cells[f"1.change.{place}.fill"] for place in ("00", "01", "10", "11")] == ["1.000", "1.000", "-0.100", "-0.100"]
    assert (cells["1.change.01"], cells["1.change.01.share"]) == ("−10", "−10.0 points")
    assert (cells["1.change.10"], cells["1.change.10.share"]) == ("+2", "+1.0 points")
    assert (cells["2.change.00"], cells["2.change.00.share"], cells["2.change.00.fill"]) == ("0", "0 points", "0.000")
    assert "0.change.00" not in cells, "the first run is what the others are set against"


def test_points_of_a_class_without_images_are_none():
    assert points_changed(np.array([[3, 1], [0, 0]]), np.array([[2, 2], [0, 0]])).tolist() == [[-25, 25], [0, 0]]


def test_recall_by_kind_is_text_and_places_on_a_track():
    cells = matrix_cells([evaluation([[1, 0], [0, 1]], VIRAL=Estimate(0.7, 0.6, 0.8, 148))], difference=False)
    assert cells["0.VIRAL"] == "0.700 (0.600–0.800)"
    assert [cells[f"0.VIRAL.{part}"] for part in ("low", "value", "high")] == ["0.600", "0.700", "0.800"]


def test_the_ink_reads_on_every_shade():
    ink = luminance(re.search(r"tbody td \{[^}]*color: (#\w{6})", CSS)[1])
    shades = re.findall(r"#\w{6}", "".join(re.findall(r"figures-cell-\w+ \{[^}]*\}", CSS)))
    assert len(shades) == 5
    assert min((luminance(shade) + 0.05) / (ink + 0.05) for shade in shades) > 5, "WCAG 2 asks for 4.5"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return float(np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme, colour", [("light", "#ffffff"), ("dark", "#0e1318")])
def test_the_head_that_stays_in_place_has_the_colour_of_the_page(theme, colour):
    config = (Path(__file__).parents[5] / ".streamlit" / "config.toml").read_text("utf-8")
    assert f'backgroundColor = "{colour}"' in config.partition(f"[theme.{theme}]")[2].partition("[theme.")[0]
    assert colour in re.search(r"light-dark\([^)]*\)", CSS)[0]
