"""One reason not to trust a score, or to give none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

UNLIKE = ("rotated", "tilted", "inverted", "outlines", "layout", "texture", "features", "age", "view")  # not as the training films are


@dataclass(frozen=True)
class Finding:
    """What a check saw in a picture.

    Attributes
    ----------
    kind : str
        Which check: ``blank, size, shape, colour, text, rotated, tilted, inverted, outlines, layout, texture, features`` look at the
        picture, ``age, view`` at what its file states, ``copy`` at the run's training images, ``run`` at the run itself.
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
    """Whether a score would mean nothing for this picture.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    bool
    """
    return any(finding.level == "refuse" for finding in findings)


def is_unlike(findings: Iterable[Finding]) -> bool:
    """Whether a finding says that the film is unlike the training films, or that a score would mean nothing.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    bool
    """
    return any(finding.level == "refuse" or finding.kind in UNLIKE for finding in findings)
