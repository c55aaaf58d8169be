"""The earlier name of `core.external`, for scripts that were written before it was renamed."""

from __future__ import annotations

from core import external


def __getattr__(name: str) -> object:
    return getattr(external, name)
