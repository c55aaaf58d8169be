"""A table to take away: CSV for computing, LaTeX and Markdown for writing."""

from __future__ import annotations

from numbers import Real

import pandas as pd
import streamlit as st

COMMANDS = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
ESCAPES = str.maketrans({character: f"\\{character}" for character in "&%$#_{}"} | COMMANDS)
SYMBOLS = {"≥": r"$\geq$", "↓": r"$\downarrow$", "−": "$-$", "–": "--", "\u00a0": "~"}


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
            ("CSV, unrounded", lambda: numbers.to_csv(index=False), "csv", "text/csv"),
            ("LaTeX", lambda: as_latex(written), "tex", "application/x-tex"),
            ("Markdown", lambda: as_markdown(written), "md", "text/markdown"),
        ):  # each is written when it is asked for
            key = f"{name}_{ending}"
            st.download_button(label, write, f"{name}.{ending}", mime, key=key, on_click="ignore", type="tertiary", width="stretch")


def as_markdown(table: pd.DataFrame) -> str:
    """A table in GitHub's Markdown."""
    rows = [[_text(cell).replace("|", "\\|") for cell in row] for row in table.itertuples(index=False)]
    lines = [list(map(str, table.columns)), ["---"] * len(table.columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_latex(table: pd.DataFrame) -> str:
    """A ``tabular`` with the rules of the booktabs package."""
    rows = [" & ".join(_latex(_text(cell)) for cell in row) + r" \\" for row in table.itertuples(index=False)]
    head = " & ".join(_latex(str(name)) for name in table.columns) + r" \\"
    lines = [rf"\begin{{tabular}}{{{'l' * len(table.columns)}}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"]
    return "\n".join(lines) + "\n"


def _text(cell) -> str:
    """A cell as text: whole numbers whole, others with at most four significant digits, nothing for a missing one."""
    if cell is None or cell is pd.NA or cell != cell:
        return "–"
    if isinstance(cell, Real) and cell == int(cell):
        return f"{cell:,.0f}"
    return f"{cell:.4g}" if isinstance(cell, Real) else str(cell)


def _latex(text: str) -> str:
    text = text.translate(ESCAPES)
    for symbol, command in SYMBOLS.items():
        text = text.replace(symbol, command)
    return text
