import re

import pandas as pd

from core.figures.palette import CLASS_COLOURS
from dashboard.components.data.remedies.html_bars import bars, legend, squares
from dashboard.components.markdown import as_markdown


def test_bars_are_as_wide_as_their_shares_and_say_them():
    html = bars({"Training images": [25, 75], "Shown in an epoch": [4, 96]}, ["NORMAL", "PNEUMONIA"])
    assert re.findall(r"width:([\d.]+)%", html) == ["25.000", "75.000", "4.000", "96.000"]
    assert 'aria-label="Training images: NORMAL 25 %, PNEUMONIA 75 %"' in html
    assert html.count(CLASS_COLOURS["NORMAL"]) == 2 and ">25 %<" in html and ">4 %<" not in html


def test_nothing_shown_is_no_width():
    assert re.findall(r"width:([\d.]+)%", bars({"x": [0, 0]}, ["a", "b"])) == ["0.000", "0.000"]


def test_squares_name_the_class_of_every_image():
    html = squares([0, 1, 1], ("a<b", "c"))
    assert html.count("<span") == 3 and html.count('title="c"') == 2 and "a&lt;b" in html and "a<b" not in html
    assert "<i>" not in legend(["<i>"]) and "&lt;i&gt;" in legend(["<i>"])


def test_a_table_in_markdown_escapes_what_would_break_it():
    assert as_markdown(pd.DataFrame({"Class": ["a|b"], "n": [3]})) == "| Class | n |\n| :-- | --: |\n| a\\|b | 3 |"
