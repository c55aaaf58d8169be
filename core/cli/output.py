"""How a command speaks: one JSON object with ``--json``, a readable summary without; progress on standard error."""

from __future__ import annotations

import contextlib
import functools
import json
import math
import signal
import sys
from collections.abc import Callable, Sequence

import click
import numpy as np
import pandas as pd
from tqdm import tqdm

from core.cli.tables import readable as as_text
from core.parallel import Progress
from core.text import one_line
from core.workers.interruption import Terminated

SOON = 0.5  # seconds that need no bar


class Interrupted(Exception):
    """A command was interrupted, and has an answer all the same.

    Parameters
    ----------
    answer : dict
        As of a command that comes to its end.
    by : KeyboardInterrupt
    """

    def __init__(self, answer: dict, by: KeyboardInterrupt) -> None:
        self.answer, self.by = answer, by


def exit_code(by: BaseException) -> int:
    """What a command exits with that was interrupted: 128 and the number of the signal, as shells have it.

    Parameters
    ----------
    by : BaseException
        `core.workers.interruption.Terminated`, or a KeyboardInterrupt of another kind.

    Returns
    -------
    int
    """
    return 128 + (signal.SIGTERM if isinstance(by, Terminated) else signal.SIGINT)


def reports(function: Callable[..., dict], readable: Callable[[dict], str] | None = None) -> Callable[..., None]:
    """Give a command ``--json`` and print the dict that it returns.

    While the command works, standard output is standard error: libraries that print cannot break the JSON. Its ``warnings``, sentences,
    go to standard error as well; where it has ``doubts``, those go there in their place, and nowhere else.

    Parameters
    ----------
    function : callable
        The command.
    readable : callable of a dict, optional
        Says it without ``--json``, the warnings too; else a line for each key, and a table for a list of rows.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object to standard output, all else to standard error.")
    @functools.wraps(function)
    def wrapper(*args: object, as_json: bool, **kwargs: object) -> None:
        code = 0
        with contextlib.redirect_stdout(sys.stderr):
            try:
                result = function(*args, **kwargs)
            except Interrupted as early:
                result, code = early.answer, exit_code(early.by)
        doubts = result.pop("doubts", result.get("warnings", []))
        for sentence in doubts if as_json or not readable else ():
            click.echo(f"warning: {one_line(sentence)}", err=True)
        result = result if as_json else {key: value for key, value in result.items() if key != "warnings"}
        if as_json:
            click.echo(json.dumps(_finite(result), ensure_ascii=False, allow_nan=False))
        else:
            click.echo(readable(result) if readable else as_text({str(key): _finite(value) for key, value in result.items()}))
        if code:
            click.get_current_context().exit(code)

    return wrapper


def progress_bar(stage: str, unit: str = "image") -> Progress:
    """A progress bar with ETA on standard error, as a callable of (done, total).

    Parameters
    ----------
    stage : str
        What the bar is called.
    unit : str
        What it counts.

    Returns
    -------
    callable of (int, int)
    """
    bar: tqdm | None = None

    def progress(done: int, total: int) -> None:
        nonlocal bar
        bar = bar or tqdm(total=total, desc=stage, unit=unit, file=sys.stderr, leave=False, delay=SOON)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return progress


def say_notes(notes: Sequence[str]) -> None:
    """What a reader must know of a data set, in one line on standard error; nothing if there is nothing."""
    if notes:
        click.echo(f"note: {' '.join(map(one_line, notes))}", err=True)


def positive_notes(class_names: Sequence[str]) -> list[str]:
    """A sentence on which of two classes, in the order of their ids, is the positive one; none for other than two."""
    if len(class_names) != 2:
        return []
    return [f"The positive class is {class_names[1]}: sensitivity is the share of its images found, specificity that of {class_names[0]}."]


def _finite(value: object) -> object:
    """JSON has no NaN and no NumPy: undefined numbers become null, arrays lists, what is left text."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return _finite(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [_finite(item) for item in value]
    value = value.item() if isinstance(value, np.generic) else value
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
