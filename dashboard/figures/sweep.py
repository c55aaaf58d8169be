"""The trainings of a sweep: a grid of how far they are, and their settings against what validation says of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from core.figures.palette import INK, NEUTRAL, PALE_NEUTRAL, look

STATE_COLOURS = {
    "waiting": PALE_NEUTRAL, "training": "#2f86c9", "finished": "#009e73", "found": "#009e73", "ended early": "#b98300",
    "stopped": "#b98300", "failed": "#d55e00",
}  # fmt: skip
BEST_FIRST = [[0.0, "#d55e00"], [0.4, "#2f86c9"], [1.0, NEUTRAL]]  # on both grounds: the best stands out, the worst steps back
TICKS = 5
FIGURES, NUMBER = ".3~g", 7  # of a number on an axis, and the letters that it takes


def grid_figure(rows: Sequence[str], columns: Sequence[str], states: Sequence[Sequence[str]], words: Sequence[Sequence[str]]) -> go.Figure:
    """A square for each training: colour for its state, words for what is known of it.

    Parameters
    ----------
    rows, columns : sequence of str
        Such as settings, and seeds.
    states : sequence of shape (n_rows, n_columns) of str
        Keys of `STATE_COLOURS`; empty where there is no training.
    words : sequence of the same shape

    Returns
    -------
    Figure
    """
    known = list(STATE_COLOURS)
    numbers = [[known.index(state) if state else math.nan for state in row] for row in states]
    steps = [(place / len(known), colour) for i, colour in enumerate(STATE_COLOURS.values()) for place in (i, i + 1)]
    hover = "%{y}<br>%{x}<br>%{customdata}<extra></extra>"
    shown = {"text": [list(row) for row in words], "texttemplate": "%{text}", "textfont": {"color": INK}, "hovertemplate": hover}
    scale = {"zmin": -0.5, "zmax": len(known) - 0.5, "colorscale": steps, "showscale": False, "xgap": 3, "ygap": 3}
    heatmap = go.Heatmap(z=numbers, x=list(columns), y=list(rows), customdata=[list(row) for row in states], **shown, **scale)
    figure = go.Figure(heatmap, look(60 + sum(18 + 16 * (1 + row.count("<br>")) for row in rows)))
    figure.update_xaxes(side="top", type="category", showgrid=False, ticks="")
    return figure.update_yaxes(autorange="reversed", type="category", showgrid=False, ticks="", automargin=True)


def parallel_figure(settings: Mapping[str, Sequence[str]], values: Sequence[float], metric: str, lower_is_better: bool) -> go.Figure:
    """Parallel coordinates: a line for each training through its settings to the metric of validation: best orange, worst grey.

    Parameters
    ----------
    settings : mapping of str to sequence of shape (n_trainings,) of str
        By name; numbers get an axis of numbers, logarithmic where they span a hundredfold, other words one place each.
    values : sequence of shape (n_trainings,) of float
    metric : str
        Title of the last axis.
    lower_is_better : bool

    Returns
    -------
    Figure
    """
    axes = [_axis(name, cells) for name, cells in settings.items()]
    line = {"color": list(values), "colorscale": BEST_FIRST, "reversescale": not lower_is_better, "cmin": min(values), "cmax": max(values)}
    lines = go.Parcoords(line=line, dimensions=[*axes, {"label": metric, "values": list(values), "tickformat": FIGURES}], labelangle=0)
    figure = go.Figure(lines, look(320))
    return figure.update_layout(margin={"l": _left(axes[0]) if axes else 24, "r": 48, "t": 56, "b": 24})


def _left(axis: Mapping[str, Any]) -> int:
    """Pixels beside the first axis, for its words to the left of it and its name, which is centred above it."""
    words = max(map(len, axis["ticktext"])) if "ticktext" in axis else NUMBER
    return min(max(24, 7 * words, 4 * len(axis["label"])), 110)


def _axis(name: str, cells: Sequence[str]) -> dict:
    numbers = _numbers(cells)
    if numbers is None:
        words = list(dict.fromkeys(cells))
        places = list(range(len(words)))
        return {"label": name, "values": [words.index(cell) for cell in cells], "tickvals": places, "ticktext": words}
    if min(numbers) > 0 and max(numbers) >= 100 * min(numbers):
        shown = sorted(set(numbers)) if len(set(numbers)) <= TICKS else _decades(numbers)
        ticks = {"tickvals": [math.log10(number) for number in shown], "ticktext": [f"{number:g}" for number in shown]}
        return {"label": name, "values": [math.log10(number) for number in numbers], **ticks}
    few = sorted(set(numbers))
    return {"label": name, "values": numbers, "tickformat": FIGURES} | (
        {"tickvals": few, "ticktext": [f"{n:g}" for n in few]} if len(few) <= TICKS else {}
    )


def _numbers(cells: Sequence[str]) -> list[float] | None:
    try:
        found = [float(cell) for cell in cells]
    except ValueError:
        return None
    return found if all(map(math.isfinite, found)) else None


def _decades(numbers: Sequence[float]) -> list[float]:
    return [10.0**power for power in range(math.floor(math.log10(min(numbers))), math.ceil(math.log10(max(numbers))) + 1)]
