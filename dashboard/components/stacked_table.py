"""Small tables of text; where there is no room for them, as on a phone, row by row with each figure beside its column's name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd
import streamlit as st

from core.text import html as escape

FEW = 3  # columns that a phone has room for
STYLE = f"<style>{Path(__file__).with_suffix('.css').read_text('utf-8')}</style>"


def show_stacked(table: pd.DataFrame, caption: str) -> None:
    """A table of text on the page; shown at once, where a data grid takes a second to load."""
    st.html(STYLE + stacked_html(table, caption))


def show_below_on_phones(table: pd.DataFrame, caption: str) -> None:
    """On a phone alone, the figures of the data grid above, of which it would show the first column."""
    st.html(f'{STYLE}<div class="stacked-below">{stacked_html(table, caption)}</div>')


def show_on_phones(table: pd.DataFrame, caption: str, pressed: Collection[int]) -> None:
    """The rows as a list of buttons, in the place of the data grid of the same container where that has no room.

    Parameters
    ----------
    table : DataFrame
        Of text.
    caption : str
        What a screen reader calls it.
    pressed : collection of int
        Places of the rows that are chosen.
    """
    st.html(STYLE + stacked_html(table, caption, pressed))


def stacked_html(table: pd.DataFrame, caption: str, pressed: Collection[int] | None = None) -> str:
    """The table as HTML; its first column says what each row is about, and is a button where rows can be `pressed`."""
    heads = "".join(f'<th scope="col" role="columnheader">{escape(str(name))}</th>' for name in table.columns)
    rows = "".join(_row(place, list(map(str, row)), list(table.columns), pressed) for place, row in enumerate(table.to_numpy()))
    kind = "stacked" + (" stacked-many" if table.shape[1] > FEW else "") + ("" if pressed is None else " stacked-phone")
    return (
        f'<div class="{kind}"><table role="table"><caption>{escape(caption)}</caption><thead role="rowgroup"><tr role="row">{heads}</tr>'
        f'</thead><tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def _row(place: int, cells: list[str], names: list[str], pressed: Collection[int] | None) -> str:
    first, *rest = cells
    title = escape(first)
    if pressed is not None:
        title = f'<button type="button" data-row="{place}" aria-pressed="{str(place in pressed).lower()}">{title}</button>'
    # The roles say what a table is where the style sheet has made blocks of it.
    figures = "".join(
        f'<td role="cell" data-label="{escape(str(name))}">{escape(cell)}</td>' for name, cell in zip(names[1:], rest, strict=True)
    )
    return f'<tr role="row"><th scope="row" role="rowheader">{title}</th>{figures}</tr>'
