"""How numbers are written: the same on every page."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.datasets.imbalance import ratio_text


def share(part: int, whole: int) -> str:
    """``3,883 (74.4 %)``, unbreakable before the per cent sign."""
    return f"{part:,} ({100 * part / whole:.1f}\u00a0%)" if whole else f"{part:,}"


def duration(seconds: float | None) -> str:
    """``48 s``, ``12 min``, ``3 h 05 min``; an en dash if unknown."""
    if seconds is None or math.isnan(seconds):
        return "–"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def imbalance(counts: Sequence[float]) -> str:
    """Largest class to smallest, ``2.9 : 1``; an en dash if a class is empty, or there is but one."""
    return ratio_text(np.asarray(counts, dtype=float))


def when(iso_time: str) -> str:
    """``2026-11-21 00:29`` of an ISO 8601 time in UTC."""
    return iso_time[:16].replace("T", " ")
