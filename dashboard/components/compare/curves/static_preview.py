"""A figure of lines as a still picture, which a browser shows at once and Plotly replaces in its place."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go

from core.reporting.html.charts import ticks
from core.text import html as escape

BOX = "position:absolute;inset:53px 4px 62px 66px"  # where Plotly draws on a wide screen
FAINT = "color:color-mix(in srgb,currentColor 65%,transparent);white-space:nowrap"
WORD, TITLE = (f"position:absolute;font-size:{size}px;{FAINT}" for size in (12, 14))
RULE = "position:absolute;left:0;right:0;border-top:1px solid;opacity:.12"
DOT = "position:absolute;width:12px;height:12px;border-radius:50%;border:2px solid white;box-sizing:border-box;translate:-50% 50%"


def still(figure: go.Figure, alt: str) -> str:
    """The lines and marks of a figure as HTML without a script.

    Parameters
    ----------
    figure : Figure
        Scatter traces on two linear axes with titles and ranges.
    alt : str

    Returns
    -------
    str
        Empty for axes with labels of their own, which the picture would get wrong.
    """
    x, y = figure.layout.xaxis, figure.layout.yaxis
    if x.ticktext or y.ticktext:
        return ""
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    drawn = "".join([*_axes(x, y), _lines(lines, x.range, y.range, alt), *(_dot(mark, x.range, y.range) for mark in marks)])
    return f'<div style="position:relative;height:{figure.layout.height}px"><div style="{BOX}">{drawn}</div></div>'


def _axes(x: go.layout.XAxis, y: go.layout.YAxis) -> Iterator[str]:
    for value, up in _ticks(y.range):
        yield f'<span style="{RULE};bottom:{up:.2f}%"></span>'
        yield f'<span style="{WORD};right:calc(100% + 10px);bottom:{up:.2f}%;translate:0 50%">{value:g}</span>'
    for value, left in _ticks(x.range):
        yield f'<span style="{WORD};left:{left:.2f}%;top:calc(100% + 8px);translate:-50%">{value:g}</span>'
    yield f'<span style="{TITLE};left:50%;top:calc(100% + 30px);translate:-50%">{escape(x.title.text)}</span>'
    yield f'<span style="{TITLE};left:-50px;top:50%;rotate:-90deg;translate:-50% -50%">{escape(y.title.text)}</span>'


def _dot(trace: go.Scatter, x_range: Sequence[float], y_range: Sequence[float]) -> str:
    (left,), (up,) = _percent(trace.x, x_range), _percent(trace.y, y_range)
    return f'<span style="{DOT};background:{trace.marker.color};left:{left:.2f}%;bottom:{up:.2f}%"></span>'


def _lines(traces: Sequence[go.Scatter], x_range: Sequence[float], y_range: Sequence[float], alt: str) -> str:
    """All lines as one picture, stretched to the box; Streamlit takes SVG out of a page's HTML, not out of its pictures."""
    drawn = "".join(_line(trace, _percent(trace.x, x_range), 100 - _percent(trace.y, y_range)) for trace in traces)
    head = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none"'
    svg = f"<svg {head}><style>polyline {{ fill: none; vector-effect: non-scaling-stroke }}</style>{drawn}</svg>"
    source = base64.b64encode(svg.encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(alt)}" style="position:absolute;width:100%;height:100%">'


def _line(trace: go.Scatter, x: np.ndarray, y: np.ndarray) -> str:
    points = " ".join(f"{a:.2f},{b:.2f}" for a, b in zip(x, y, strict=True))
    dashes = {"dash": "8 6", "dot": "3 3"}.get(trace.line.dash, "none")
    line = f'stroke="{trace.line.color}" stroke-width="{trace.line.width}" stroke-dasharray="{dashes}"'
    return f'<polyline points="{points}" {line} opacity="{trace.opacity or 1}"/>'


def _ticks(limits: Sequence[float]) -> list[tuple[float, float]]:
    values = ticks(*np.round(limits, 1))  # the little that an axis leaves beyond 0 and 1 is no reason for other ticks
    return list(zip(values, _percent(values, limits), strict=True))


def _percent(values: Sequence[float], limits: Sequence[float]) -> np.ndarray:
    """How far between two limits values lie."""
    low, high = limits
    return 100 * (np.asarray(values, dtype=np.float64) - low) / (high - low)
