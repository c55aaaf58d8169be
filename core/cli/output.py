"""How a command speaks: one JSON object with ``--json``, a readable summary without; progress on standard error."""

from __future__ import annotations

import contextlib
import functools
import json
import math
import signal
import sys
import textwrap
from collections.abc import Callable, Sequence

import click
import numpy as np
import pandas as pd
from tqdm import tqdm

from core.metrics.statistics.intervals import UNDEFINED, Estimate, in_figures, with_interval
from core.parallel import Progress
from core.text import one_line
from core.workers.interruption import Terminated

MOST = 20_000  # characters of a line
WIDTH, SENTENCE = 100, 40  # columns of a terminal; a longer text of a table that is wider stands beneath its row
SOON = 0.5  # seconds that need no bar
ESTIMATE = {"value", "low", "high", "n_samples"}
OF_A_GROUP = {"group", "value", "low", "high", "n"}


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
        click.echo(json.dumps(_finite(result), ensure_ascii=False, allow_nan=False) if as_json else (readable or _readable)(result))
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


def _flat(row: dict) -> dict:
    """A line of a table: a column for each of several metrics, other parts of parts in one."""
    flat: dict[str, object] = {}
    for key, value in row.items():
        several = isinstance(value, dict) and value and all(isinstance(part, dict) for part in value.values())
        of = "" if key == "metrics" else f"{key.replace('_', ' ')}, "
        flat |= {f"{of}{name}": _cell(part) for name, part in value.items()} if several else {key: _cell(value)}
    return flat


def _cell(value: object) -> object:
    """``0.902 (0.876–0.923)`` for a metric with its interval, ``accuracy 0.91, f1 0.93`` for other parts, the rest as it is."""
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return len(value) or "–"  # sentences are too long for a cell, and stand on standard error
    if not isinstance(value, dict):
        return math.nan if value is None else _scalar(value) if isinstance(value, list) else value
    if value.keys() == ESTIMATE:
        number, low, high = (math.nan if value[name] is None else value[name] for name in ("value", "low", "high"))
        return with_interval(Estimate(number, low, high, value["n_samples"]))
    if value.keys() >= OF_A_GROUP:
        interval = with_interval(Estimate(value["value"], value["low"], value["high"], value["n"]))
        return f"{interval}, group {value['group']}, n = {value['n']}"
    parts = (f"{name} {in_figures(part)}" if isinstance(part, float) else f"{name} {_scalar(part)}" for name, part in value.items())
    return ", ".join(parts) or UNDEFINED


def _number(value: float) -> str:
    if not math.isfinite(value):
        return UNDEFINED
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"


def _scalar(value: object) -> str:
    """A value as a person reads it: a dash for what is not known, a list without brackets."""
    if value is None:
        return UNDEFINED
    if isinstance(value, list):
        return ("; " if any(isinstance(item, list) for item in value) else ", ").join(map(_scalar, value))
    return _number(value) if isinstance(value, float) else one_line(value)


def _table(rows: pd.DataFrame, index: bool) -> str:
    return rows.to_string(index=index, na_rep=UNDEFINED, float_format=_number)


def wrapped(text: object, indent: str = "", hanging: str | None = None) -> list[str]:
    """Text in lines that fit a terminal.

    Parameters
    ----------
    text : object
    indent, hanging : str
        What the first line begins with, and the others; `hanging` is as `indent` unless given.

    Returns
    -------
    list of str
    """
    following = indent if hanging is None else hanging
    return textwrap.wrap(
        one_line(text), WIDTH, initial_indent=indent, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )


def _rows(rows: list[dict]) -> str:
    """A table; where it is wider than a terminal, its long texts stand beneath their rows."""
    flat = pd.DataFrame(map(_flat, rows))
    long = [name for name in flat.columns[1:] if flat[name].map(lambda cell: isinstance(cell, str) and len(cell) > SENTENCE).any()]
    table = _table(flat, index=False)
    if not long or max(map(len, table.splitlines())) <= WIDTH:
        return table
    head, *lines = _table(flat.drop(columns=long), index=False).splitlines()
    for line, texts in zip(lines, flat[long].itertuples(index=False), strict=True):
        head = "\n".join([head, line, *(part for text in texts if isinstance(text, str) for part in wrapped(text, "    "))])
    return head


def _nested(parts: dict) -> str:
    """Parts that hold rows themselves, set in from the edge."""
    lines = []
    for line in _readable(parts).splitlines():
        edge = "  " + line[: len(line) - len(line.lstrip())]
        lines += wrapped(line, edge, f"{edge}  " if edge == "  " else edge) if len(line) > WIDTH - 2 else [f"  {line}"]
    return "\n".join(lines)


def _readable(result: dict) -> str:
    lines = []
    for key, value in ((str(key), _finite(value)) for key, value in result.items()):
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(_rows(value))
        elif isinstance(value, dict) and any(isinstance(item, list) and item and isinstance(item[0], dict) for item in value.values()):
            lines.append(f"{key}:\n{_nested(value)}")
        elif isinstance(value, dict) and value and all(isinstance(item, dict) for item in value.values()):
            lines.append(f"{key}:\n{_table(pd.DataFrame(value).T, index=True)}")
        elif isinstance(value, dict) and value:
            lines.append(f"{key}: {_cell(value)}")
        elif isinstance(value, list) and key == "notes":
            lines += map(one_line, value)
        elif value not in ([], {}, None):
            lines.append(f"{key}: {one_line(_scalar(value), MOST)}")
    return "\n".join(lines)
