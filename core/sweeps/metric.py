"""What ranks the trainings of a sweep: a figure of validation, of the epoch whose model is kept; never of test."""

from __future__ import annotations

from core.runs.run import Run

METRICS = {"val_loss": "minimize", "val_accuracy": "maximize"}  # of history.csv, so that a training at work has them too


def best_of(run: Run, metric: str) -> tuple[int, float | None]:
    """How many epochs a run has, and the best value of a metric in them; None before the first.

    Parameters
    ----------
    run : Run
    metric : str
        One of `METRICS`.

    Returns
    -------
    tuple of (int, float or None)

    Raises
    ------
    InputError
        If the history cannot be read.
    """
    history = run.history
    values = history[metric].dropna() if metric in history else history["epoch"].iloc[:0]
    if not len(values):
        return len(history), None
    return len(history), float(values.min() if METRICS[metric] == "minimize" else values.max())


def is_better(metric: str, value: float, other: float) -> bool:
    """Whether one value of a metric is better than another."""
    return value < other if METRICS[metric] == "minimize" else value > other
