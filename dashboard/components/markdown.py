"""Names of files and classes inside Markdown."""

from __future__ import annotations

import re

import pandas as pd

MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$:])")


def plain(text: str) -> str:
    """Text shown as it is, whatever stars, dollars, brackets or colons a file or a class is called by."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def as_markdown(table: pd.DataFrame) -> str:
    """A small table of text as Markdown, its first column to the left: shown at once, where a data grid takes a second to load."""
    lines = [" | ".join(plain(str(name)) for name in table.columns), " | ".join([":--", *["--:"] * (table.shape[1] - 1)])]
    lines += [" | ".join(plain(str(value)) for value in row) for row in table.itertuples(index=False)]
    return "\n".join(f"| {line} |" for line in lines)
