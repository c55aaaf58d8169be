"""Names of files and classes inside Markdown."""

from __future__ import annotations

import re

MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$:])")


def plain(text: str) -> str:
    """Text shown as it is, whatever stars, dollars, brackets or colons a file or a class is called by."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))
