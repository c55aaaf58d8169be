"""Recall of bacterial and of viral pneumonia, run by run."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.figures.palette import look

Interval = tuple[float, float, float, int]


def subtype_figure(recalls: Mapping[str, Mapping[str, Interval]], colours: dict[str, str]) -> go.Figure:
    """Draw recall with its 95 % interval for each sub-type.

    Parameters
    ----------
    recalls : mapping of str to mapping
        Run label to sub-type to ``(value, low, high, n_samples)``.
    colours : dict of str to str
        A colour for each label.

    Returns
    -------
    Figure
        One trace for each run; rows are sub-types with their number of images.
    """
    traces = [_points(label, subtypes, colours[label]) for label, subtypes in recalls.items()]
    n_rows = max((len(subtypes) for subtypes in recalls.values()), default=1)
    # Side by side within a row, so that intervals of several runs do not hide each other.
    layout = look(110 + n_rows * (36 + 16 * len(recalls))) | {"scattermode": "group", "scattergap": 0.4, "showlegend": True}
    layout["xaxis"] = {"title": {"text": "Share called pneumonia, with 95 % interval"}, "range": (-0.02, 1.02)}
    layout["yaxis"] = {"type": "category", "range": (n_rows - 0.5, -0.5), "automargin": True}
    return go.Figure(traces, layout)


def _points(label: str, subtypes: Mapping[str, Interval], colour: str) -> go.Scatter:
    values = list(subtypes.values())
    error = {"array": [high - value for value, _, high, _ in values], "arrayminus": [value - low for value, low, _, _ in values]}
    return go.Scatter(
        x=[value for value, *_ in values], y=[f"{name.capitalize()} (n = {n})" for name, (*_, n) in subtypes.items()], name=label,
        orientation="h", mode="markers", marker={"size": 11, "color": colour},
        error_x={"type": "data", "thickness": 2, "width": 4} | error, customdata=[(low, high) for _, low, high, _ in values],
        hovertemplate=f"{label}<br>%{{y}}<br>recall %{{x:.3f}} (%{{customdata[0]:.3f}}–%{{customdata[1]:.3f}})<extra></extra>",
    )  # fmt: skip
