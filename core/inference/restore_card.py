"""Make the card of a scored run anew where it is broken."""

from __future__ import annotations

from core.errors import InputError
from core.metrics.thresholds import operating_points
from core.runs.card import INTENDED_USE
from core.runs.run import Run


def restore_card(run: Run) -> str:
    """Write the card of a scored run anew if it is broken, from the stored scores.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str
        What was made anew and what is lost, in a sentence; empty if the card is whole.

    Raises
    ------
    InputError
        If the scores cannot be read either.
    """
    try:
        _ = run.card
        return ""
    except InputError:
        counts = {name: int(n) for name, n in run.predictions["split"].value_counts().items()}
    note = "The card was broken and is made anew from the stored scores: its thresholds are chosen again, and what it said of time is lost."
    run.write_card({"n_samples": counts, "intended_use": INTENDED_USE, "warnings": [note]} | operating_points(run))
    return note
