"""Names on figures: short enough to fit, and never read as markup."""

from __future__ import annotations

MOST = 22


def short(name: str, most: int = MOST) -> str:
    """A name of at most `most` characters, its middle left out if it is longer, with ``<`` and ``&`` made plain for Plotly."""
    if len(name) > most:
        tail = most // 3
        name = f"{name[: most - tail - 1]}…{name[-tail:]}"
    return name.replace("&", "&amp;").replace("<", "&lt;")
