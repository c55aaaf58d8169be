"""Numbers with their nouns: one image, two images."""

from __future__ import annotations


def counted(n: int, noun: str, plural: str = "") -> str:
    """``1 image``, ``5,856 images``; `plural` where it is more than an s."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
