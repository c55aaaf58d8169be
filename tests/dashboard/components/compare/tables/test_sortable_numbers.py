"""Columns that read as text and sort as numbers."""

import math

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.components.compare.tables.sortable_numbers import as_text, shown, told


def test_a_told_column_holds_numbers_and_shows_their_texts():
    table = pd.DataFrame({"Run": ["a", "b", "c"], "AUC gap": told([-0.08, 0.005, None], ["−0.080 (−0.1 to 0)", "+0.005 (…)", "–"])})
    assert table.sort_values("AUC gap")["Run"].tolist() == ["a", "b", "c"] and math.isnan(table["AUC gap"][2])
    assert as_text(table)["AUC gap"].tolist() == ["−0.080 (−0.1 to 0)", "+0.005 (…)", "–"]
    found = shown(table)
    assert isinstance(found, Styler) and "−0.080 (−0.1 to 0)" in found.to_html() and "−0.080" not in table.to_csv()


def test_a_table_without_such_a_column_is_shown_as_it_is():
    table = pd.DataFrame({"n": [1, 2]})
    assert shown(table) is table
    empty = pd.DataFrame({"AUC": told([], [])})
    assert shown(empty) is empty
