"""One reason not to trust a score, or to give none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

UNLIKE = ("rotated", "tilted", "inverted", "outlines", "layout", "texture", "features", "age", "view")  # not as the training films are


class Unlike(NamedTuple):
    """How a film that was measured is unlike the training films: as a sentence begins, and as one line names it beside others."""

    sentence: str
    brief: str


MEASURED = {
    "outlines": Unlike(
        "The chest is unlike those of the training films: an adult's or another age's, or another machine",
        "perhaps an adult's chest, or another machine",  # the outlines alone say what the film may be
    ),
    "layout": Unlike("Framing or anatomy unlike the training films", "framing or anatomy"),
    "texture": Unlike("Grain, sharpness or brightness unlike the training films", "grain or brightness"),
    "features": Unlike("Unlike the training films in the features that this model uses", "what the model looks at"),
}


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
    brief : str
        The same in one line, where the sentence is longer.
    """

    kind: str
    level: Literal["warn", "refuse"]
    sentence: str
    turns: int = 0
    brief: str = ""


def in_brief(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What findings say, each in one line and without its distances; what tells that the film is unlike the training films, in one for all.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    tuple of str
        ``Unlike the training films: perhaps an adult's chest, or another machine.``, or ``… films in framing or anatomy.``
    """
    findings = tuple(findings)
    kinds = {finding.kind for finding in findings}
    measured = [unlike.brief for kind, unlike in MEASURED.items() if kind in kinds]
    how = f": {measured[0]}" if "outlines" in kinds else f" in {', and '.join(measured)}"
    others = (finding.brief or finding.sentence for finding in findings if finding.kind not in MEASURED)
    return tuple(dict.fromkeys([*([f"Unlike the training films{how}."] if measured else []), *others]))


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
