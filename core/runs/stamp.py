"""What tells one state of a run on disk from another: a key for what is computed from its model and scores."""

from __future__ import annotations

from core.files import changed_ns
from core.runs.run import CARD, CONFIG, MODEL, PREDICTIONS, REFERENCE, Run


def stamp(run: Run) -> tuple[str, tuple[int, ...]]:
    """What changes when a run's model, settings, operating point or reference does.

    Parameters
    ----------
    run : Run

    Returns
    -------
    path : str
    changed : tuple of int
        When each of its files was changed, in nanoseconds; 0 of one that it lacks.
    """
    files = [run.path / name for name in (MODEL, CONFIG, CARD, PREDICTIONS, REFERENCE)]
    return str(run.path), tuple(changed_ns(file.stat()) if file.exists() else 0 for file in files)
