"""Numbers on the page that can be put in place one by one: each has a name, under which a slider's every position has its text."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

Cells = dict[str, str]  # name to text, or to the number that a style is drawn from


def cell(name: str, cells: Mapping[str, str], tag: str = "span") -> str:
    """An element whose text is that of a cell."""
    return f'<{tag} data-cell="{escape(name)}">{escape(cells[name])}</{tag}>'


def fills(cells: Mapping[str, str], **names: str) -> str:
    """Attributes that hand cells to an element's style: ``fills(cells, share="0.share")`` sets ``--share``."""
    marks = " ".join(f"{variable}={name}" for variable, name in names.items())
    style = ";".join(f"--{variable}:{cells[name]}" for variable, name in names.items())
    return f'data-fills="{escape(marks)}" style="{escape(style)}"'
