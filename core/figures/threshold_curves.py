"""What curves over all thresholds have in common: one line a run, a marker at the threshold in use, one layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, look

Rates = Mapping[str, float]
WHOLE = (-0.01, 1.02)


def curve_figure(traces: Iterable[go.Scatter], x_title: str, y_title: str, x: Mapping | None = None, y: Mapping | None = None) -> go.Figure:
    """A figure of traces between 0 and 1 on both axes; `x` and `y` say what an axis has otherwise."""
    xaxis = {"title": {"text": x_title}, "range": WHOLE} | dict(x or {})
    yaxis = {"title": {"text": y_title}, "range": WHOLE} | dict(y or {})
    return go.Figure(list(traces), look(440) | {"showlegend": True, "xaxis": xaxis, "yaxis": yaxis})


def operating_marker(label: str, x: float, y: float, threshold: float, colour: str) -> list[go.Scatter]:
    """The point of a curve at the threshold in use, out of the legend; none where a rate is not defined."""
    if not (isfinite(x) and isfinite(y)):
        return []
    marker = {"size": 12, "color": colour, "symbol": "circle", "line": {"width": 2, "color": "white"}}
    hover = f"{label}<br>in use: threshold {threshold:.3f}<br>%{{x:.3f}}, %{{y:.3f}}<extra></extra>"
    return [go.Scatter(x=[x], y=[y], name=f"{label}, in use", mode="markers", marker=marker, showlegend=False, hovertemplate=hover)]


def diagonal(name: str) -> go.Scatter:
    """A thin line from (0, 0) to (1, 1)."""
    return go.Scatter(x=[0, 1], y=[0, 1], name=name, mode="lines", line={"color": NEUTRAL, "dash": "dot", "width": 1}, hoverinfo="skip")
