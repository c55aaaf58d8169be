"""Names of files and classes inside Markdown."""

from __future__ import annotations

import pandas as pd

from core.text import markdown as plain

__all__ = ["as_markdown", "plain"]


def _unbroken(text: str) -> str:
    """Text without places to break a line; ``0.95 (0.93–0.97)`` would take three in a narrow column."""
    return text.replace(" ", "\u00a0").replace("–", "\u2060–\u2060")


def as_markdown(table: pd.DataFrame) -> str:
    """A small table of text as Markdown, its first column to the left: shown at once, where a data grid takes a second to load.

    What stands in the other columns is not broken into lines; a table that is too wide for a phone scrolls.
    """
    lines = [" | ".join(plain(str(name)) for name in table.columns), " | ".join([":--", *["--:"] * (table.shape[1] - 1)])]
    lines += [" | ".join([plain(str(first)), *(_unbroken(plain(str(value))) for value in rest)]) for first, *rest in table.to_numpy()]
    return "\n".join(f"| {line} |" for line in lines)
