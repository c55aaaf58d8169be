"""Tables as text for a write-up: Markdown and LaTeX."""

from __future__ import annotations

from math import isfinite
from numbers import Real

import pandas as pd

from core.text import latex, markdown_source

SYMBOLS = {"≥": r"$\geq$", "↓": r"$\downarrow$", "−": "$-$", "–": "--", "\u00a0": "~"}


def as_markdown(table: pd.DataFrame) -> str:
    """A table in GitHub's Markdown.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    str
    """
    rows = [[markdown_source(_text(cell)) for cell in row] for row in table.itertuples(index=False)]
    lines = [list(map(markdown_source, table.columns)), ["---"] * len(table.columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_latex(table: pd.DataFrame) -> str:
    """A ``tabular`` with the rules of the booktabs package.

    Parameters
    ----------
    table : DataFrame

    Returns
    -------
    str
    """
    rows = [" & ".join(_latex(_text(cell)) for cell in row) + r" \\" for row in table.itertuples(index=False)]
    head = " & ".join(_latex(str(name)) for name in table.columns) + r" \\"
    lines = [rf"\begin{{tabular}}{{{'l' * len(table.columns)}}}", r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"]
    return "\n".join(lines) + "\n"


def _text(cell: object) -> str:
    """A cell as text: whole numbers whole, others with at most four significant digits, nothing for a missing one."""
    if cell is None or cell is pd.NA or (isinstance(cell, Real) and not isfinite(cell)):
        return "–"
    if isinstance(cell, Real) and float(cell).is_integer():
        return f"{cell:,.0f}"
    return f"{cell:.4g}" if isinstance(cell, Real) else str(cell)


def _latex(text: str) -> str:
    text = latex(text)
    for symbol, command in SYMBOLS.items():
        text = text.replace(symbol, command)
    return text
