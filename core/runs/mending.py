"""What to do about one broken file of a run, whose others are whole: nobody's run is thrown away for it."""

from __future__ import annotations

OTHERS = "the run's other files are untouched"
ANEW = {
    "card.json": "make it again from the stored scores: python -m core evaluate {run} --recompute",
    "battery.parquet": "make it again: python -m core battery {run} --data DATA",
    "history.csv": "put it back from a copy, or move this one file away and go without its curves",
    "predictions.parquet": "put it back from a copy; its model still scores images: python -m core evaluate {run} --recompute --data DATA",
    "status.json": "put it back from a copy; no trained epoch is stored in it, so nothing is lost by training anew",
    "split.parquet": "put it back from a copy; it says which images were in which split",
    "config.json": "put it back from a copy, such as that of an archive of the run; it says what was trained, and nothing else can tell",
}


def mended_by(file: str, run: str) -> str:
    """How to get one file of a run again, as the end of a sentence.

    Parameters
    ----------
    file : str
        Its name.
    run : str
        The run's name.

    Returns
    -------
    str
    """
    return f"{ANEW.get(file, 'put it back from a copy').format(run=run)}; {OTHERS}."
