"""Tables that a phone shows row by row: each figure says its column, each row that can be pressed is a button."""

from __future__ import annotations

import pandas as pd

from dashboard.components.stacked_table import stacked_html

TABLE = pd.DataFrame({"Group": ["Group 1: <b>sharp</b>", "Group 2"], "Films": [145, 12], "A": ["0.741", "–"], "B": ["0.685", "0.500"]})


def test_each_figure_says_its_column_and_text_stays_text():
    html = stacked_html(TABLE, "Specificity by group")
    assert html.count('data-label="Films"') == 2 and '<td role="cell" data-label="A">0.741</td>' in html
    assert "<b>" not in html and "&lt;b&gt;sharp" in html and "<caption>Specificity by group</caption>" in html
    assert "<button" not in html and "stacked-many" in html and "stacked-many" not in stacked_html(TABLE.iloc[:, :3], "")


def test_rows_that_can_be_pressed_are_buttons_that_say_which_is():
    html = stacked_html(TABLE, "", [1])
    assert 'data-row="0" aria-pressed="false"' in html and 'data-row="1" aria-pressed="true"' in html
