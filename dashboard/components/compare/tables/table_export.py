"""A table to take away: CSV for computing, LaTeX and Markdown for writing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.reporting.table_text import as_latex, as_markdown
from core.text import as_csv
from dashboard.components.compare.tables.sortable_numbers import as_text


def export_button(numbers: pd.DataFrame, written: pd.DataFrame, name: str) -> None:
    """A small menu of downloads.

    Parameters
    ----------
    numbers : DataFrame
        Unrounded, for the CSV.
    written : DataFrame
        As a person reads it, for LaTeX and Markdown.
    name : str
        Begins the files' names.
    """
    with st.popover("Export", icon=":material/download:"):
        for label, write, ending, mime in (
            ("CSV, unrounded", lambda: as_csv(numbers), "csv", "text/csv"),
            ("LaTeX", lambda: as_latex(as_text(written)), "tex", "application/x-tex"),
            ("Markdown", lambda: as_markdown(as_text(written)), "md", "text/markdown"),
        ):  # each is written when it is asked for
            key = f"{name}_{ending}"
            st.download_button(label, write, f"{name}.{ending}", mime, key=key, on_click="ignore", type="tertiary", width="stretch")
