"""How a command speaks: one JSON object with ``--json``, a readable summary without; progress on standard error."""

from __future__ import annotations

import contextlib
import functools
import json
import math
import sys
from collections.abc import Callable
from typing import Any

import click
import pandas as pd
from tqdm import tqdm

from core.metrics.estimate import Estimate, with_interval
from core.parallel import Progress

ESTIMATE = {"value", "low", "high", "n_samples"}


def reports(function: Callable[..., dict]) -> Callable[..., None]:
    """Give a command ``--json`` and print the dict that it returns.

    While the command works, standard output is standard error: libraries that print cannot break the JSON. Its ``warnings``, sentences,
    go to standard error as well.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object to standard output, all else to standard error.")
    @functools.wraps(function)
    def wrapper(*args: Any, as_json: bool, **kwargs: Any) -> None:
        with contextlib.redirect_stdout(sys.stderr):
            result = function(*args, **kwargs)
        for sentence in result.get("warnings", []):
            click.echo(f"warning: {sentence}", err=True)
        result = result if as_json else {key: value for key, value in result.items() if key != "warnings"}
        click.echo(json.dumps(_finite(result), ensure_ascii=False) if as_json else _readable(result))

    return wrapper


def progress_bar(stage: str, unit: str = "image") -> Progress:
    """A progress bar with ETA on standard error, as a callable of (done, total)."""
    bar: tqdm | None = None

    def progress(done: int, total: int) -> None:
        nonlocal bar
        bar = bar or tqdm(total=total, desc=stage, unit=unit, file=sys.stderr, leave=False)
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return progress


def _finite(value: Any) -> Any:
    """JSON has no NaN: undefined numbers become null."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _flat(row: dict) -> dict:
    """A line of a table: a column for each of several metrics, other parts of parts in one."""
    flat = {}
    for key, value in row.items():
        several = isinstance(value, dict) and value and all(isinstance(part, dict) for part in value.values())
        flat |= {name: _cell(part) for name, part in value.items()} if several else {key: _cell(value)}
    return flat


def _cell(value: Any) -> Any:
    """``0.902 (0.876–0.923)`` for a metric with its interval, ``accuracy 0.91, f1 0.93`` for other parts, the rest as it is."""
    if not isinstance(value, dict):
        return value
    if value.keys() == ESTIMATE:
        return with_interval(Estimate(**value))
    return ", ".join(f"{name} {part:.3f}" if isinstance(part, float) else f"{name} {part}" for name, part in value.items()) or None


def _number(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"


def _readable(result: dict) -> str:
    lines = []
    for key, value in result.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(pd.DataFrame(map(_flat, value)).to_string(index=False, na_rep="–", float_format=_number))
        elif isinstance(value, dict) and value and all(isinstance(item, dict) for item in value.values()):
            lines.append(f"{key}:\n{pd.DataFrame(value).T.to_string(float_format=_number)}")
        elif value not in ([], {}, None):
            lines.append(f"{key}: {_number(value)}" if isinstance(value, float) else f"{key}: {value}")
    return "\n".join(lines)
