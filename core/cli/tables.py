"""What a command found, for a reader: a line for each key, tables no wider than a terminal, and no name that breaks a line."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable

import pandas as pd

from core.metrics.statistics.intervals import UNDEFINED, Estimate, in_figures, with_interval
from core.text import one_line

MOST = 20_000  # characters of a line, before it is wrapped
WIDTH, SENTENCE = 100, 40  # columns of a terminal; a longer text of a table that is wider stands beneath its row
ESTIMATE = {"value", "low", "high", "n_samples"}
OF_A_GROUP = {"group", "value", "low", "high", "n"}


def readable(result: dict, width: int = WIDTH) -> str:
    """A line for each key, and a table for a list of rows.

    Parameters
    ----------
    result : dict
        As JSON has it: None for what is not known, lists, text.
    width : int
        Columns; one word that is longer, or a path, stays whole.

    Returns
    -------
    str
    """
    lines = []
    for key, value in ((one_line(key), value) for key, value in result.items()):
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(_rows(value, width))
        elif isinstance(value, dict) and any(isinstance(item, list) and item and isinstance(item[0], dict) for item in value.values()):
            lines.append(f"{key}:\n{textwrap.indent(readable(value, width - 2), '  ')}")
        elif isinstance(value, dict) and value and all(isinstance(item, dict) for item in value.values()):
            lines.append(f"{key}:\n{_rows([{'': name, **row} for name, row in value.items()], width)}")
        elif isinstance(value, dict) and value:
            lines += wrapped(f"{key}: {_cell(value)}", hanging="  ", width=width)
        elif isinstance(value, list) and key == "notes":
            lines += [line for note in value for line in wrapped(note, width=width)]
        elif (isinstance(value, list) and value) or (isinstance(value, str) and " " in value):
            lines += wrapped(f"{key}: {_scalar(value)}", hanging="  ", width=width)
        elif value not in ([], {}, None):
            lines.append(f"{key}: {_scalar(value)}")
    return "\n".join(lines)


def wrapped(text: object, indent: str = "", hanging: str | None = None, width: int = WIDTH) -> list[str]:
    """Text in lines that fit a terminal.

    Parameters
    ----------
    text : object
    indent, hanging : str
        What the first line begins with, and the others; `hanging` is as `indent` unless given.
    width : int
        Columns.

    Returns
    -------
    list of str
    """
    following = indent if hanging is None else hanging
    return textwrap.wrap(
        one_line(text, MOST), width, initial_indent=indent, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )


def table_lines(table: pd.DataFrame, number: Callable[[float], str] | None = None) -> list[str]:
    """The heading of a table and a line for each row, whatever its names hold.

    Parameters
    ----------
    table : DataFrame
    number : callable of a float, optional
        How numbers are written; as short as they are, with up to four figures, unless given.

    Returns
    -------
    list of str
    """
    table = table.rename(columns=one_line).map(lambda cell: one_line(cell) if isinstance(cell, str) else cell)
    first, formatters = table.columns[0], {}
    if table[first].map(lambda cell: isinstance(cell, str)).all():  # names begin at the edge, where what stands beneath them is set in
        size = max(map(len, [first, *table[first]]))
        table, formatters = table.rename(columns={first: first.ljust(size)}), {first.ljust(size): f"{{:<{size}}}".format}
    text = table.to_string(index=False, na_rep=UNDEFINED, float_format=number or _number, formatters=formatters)
    return text.split("\n")


def _rows(rows: list[dict], width: int) -> str:
    """A table; of one that is wider, long texts stand beneath their rows by their names, and columns follow in tables of their own."""
    flat = pd.DataFrame(map(_flat, rows))
    if _width(flat) <= width:
        return "\n".join(table_lines(flat))
    long = [name for name in flat.columns[1:] if flat[name].map(lambda cell: isinstance(cell, str) and len(cell) > SENTENCE).any()]
    short = flat.drop(columns=long)
    if short.iloc[:, 0].duplicated().any() and _width(short) > width:
        short.insert(0, "#", range(1, len(short) + 1))  # the first column of each table is to tell the rows apart
    (head, *lines), *others = (table_lines(part) for part in _side_by_side(short, width))
    told = [head]
    for line, texts in zip(lines, flat[long].to_dict("records"), strict=True):
        said = (wrapped(f"{name}: {text}", "    ", "      ", width) for name, text in texts.items() if isinstance(text, str) and text)
        told += [line, *(part for text in said for part in text)]
    return "\n\n".join("\n".join(block) for block in [told, *others])


def _side_by_side(flat: pd.DataFrame, width: int) -> list[pd.DataFrame]:
    """As many columns in each table as fit; each begins with the first column, which tells the rows apart."""
    first, *others = flat.columns
    tables = [[first]]
    for name in others:
        if len(tables[-1]) > 1 and _width(flat[[*tables[-1], name]]) > width:
            tables.append([first])
        tables[-1].append(name)
    return [flat[names] for names in tables]


def _width(table: pd.DataFrame) -> int:
    return max(map(len, table_lines(table)))


def _flat(row: dict) -> dict:
    """A line of a table: a column for each of several metrics, other parts of parts in one."""
    flat: dict[str, object] = {}
    for key, value in row.items():
        several = isinstance(value, dict) and value and all(isinstance(part, dict) for part in value.values())
        of = "" if key == "metrics" else f"{key.replace('_', ' ')}, "
        flat |= {f"{of}{name}": _cell(part) for name, part in value.items()} if several else {key: _cell(value)}
    return flat


def _cell(value: object) -> object:
    """``0.902 (0.876–0.923)`` for a metric with its interval, ``accuracy 0.91, f1 0.93`` for other parts, text on one line."""
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return len(value) or UNDEFINED  # sentences are too long for a cell, and stand on standard error
    if not isinstance(value, dict):
        return math.nan if value is None else _scalar(value) if isinstance(value, list | str) else value
    if value.keys() == ESTIMATE:
        number, low, high = (math.nan if value[name] is None else value[name] for name in ("value", "low", "high"))
        return with_interval(Estimate(number, low, high, value["n_samples"]))
    if value.keys() >= OF_A_GROUP:
        interval = with_interval(Estimate(value["value"], value["low"], value["high"], value["n"]))
        return f"{interval}, group {value['group']}, n = {value['n']}"
    parts = (f"{name} {in_figures(part)}" if isinstance(part, float) else f"{name} {_scalar(part)}" for name, part in value.items())
    return one_line(", ".join(parts)) or UNDEFINED


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
