"""Which runs stand at another threshold than today's rule gives, and the sentence that says so wherever runs stand side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.counted import counted
from core.errors import InputError
from core.metrics.thresholds import NAMED, RECOMMENDED_RULE

if TYPE_CHECKING:
    from core.runs.run import Run

GIVEN = "given"  # what a card calls the rule of a threshold that came with a run from elsewhere


def is_apart(run: Run) -> bool:
    """Whether the card of a run records a threshold by another rule than today's.

    Parameters
    ----------
    run : Run

    Returns
    -------
    bool
        False for a run that has none, such as one of three classes.
    """
    return (run.card.recommended.rule or RECOMMENDED_RULE) != RECOMMENDED_RULE


def rules_note(runs: Iterable[Run]) -> str:
    """That some of the runs do not stand at the threshold that is recommended today, how many and why; empty where all do.

    Parameters
    ----------
    runs : iterable of Run
        Those without a usable card, and of other than two classes, count for nothing.

    Returns
    -------
    str
    """
    binary = [run for run in runs if _rule(run)]
    given = sum(_rule(run) == GIVEN for run in binary)
    earlier = sum(is_apart(run) for run in binary) - given
    if not given + earlier:
        return ""
    n, stand = given + earlier, "stands" if given + earlier == 1 else "stand"
    why = [f"{earlier:,} by an earlier rule"] * bool(earlier) + [f"{given:,} as given when brought in"] * bool(given)
    others = " as the others" if n < len(binary) else ""
    return (
        f"{n:,} of {counted(len(binary), 'run')} of two classes {stand} at the threshold of the card, {' and '.join(why)}, not at "
        f"{NAMED[RECOMMENDED_RULE].title}{others}: what is called ill is not settled alike. Compare can put all at one."
    )


def _rule(run: Run) -> str:
    """The rule of a run of two classes; empty for any other."""
    try:
        return (run.card.recommended.rule or RECOMMENDED_RULE) if run.config.n_classes == 2 else ""
    except InputError:
        return ""
