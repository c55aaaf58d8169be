"""One reason not to trust a score, or to give none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """What a check saw in a picture.

    Attributes
    ----------
    kind : str
        Which check: ``blank, size, shape, colour, text, rotated, tilted, inverted, layout, texture, features``.
    level : {"warn", "refuse"}
        ``refuse``: a score would mean nothing.
    sentence : str
        What is wrong, with the number, and what to do.
    turns : int
        Quarter turns to the left (as `numpy.rot90`) that set a rotated picture upright.
    """

    kind: str
    level: Literal["warn", "refuse"]
    sentence: str
    turns: int = 0


def is_refused(findings: Iterable[Finding]) -> bool:
    """Whether a score would mean nothing for this picture."""
    return any(finding.level == "refuse" for finding in findings)
