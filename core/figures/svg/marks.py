"""What a figure draws between its axes: lines and steps, bands, markers, error bars, bars, and the lines of a layout."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import plotly.graph_objects as go

from core.figures.svg.axes import Axis
from core.text import html as escape

DASHES = {"dash": ' stroke-dasharray="7 5"', "dot": ' stroke-dasharray="2 4"'}
SIZE = 6  # of a marker that does not say


def values(numbers: object) -> np.ndarray:
    """Coordinates of a trace, of shape (n_points,); NaN for what is none."""
    return np.asarray([] if numbers is None else numbers, dtype=np.float64)


def marks(trace: go.Scatter | go.Bar, x: Axis, y: Axis, before: go.Scatter | go.Bar | None) -> str:
    """A trace as SVG, named for whoever points at it or has it read out.

    Parameters
    ----------
    trace : Scatter or Bar
    x, y : Axis
    before : Scatter or Bar or None
        The trace before it, to which it may be filled.

    Returns
    -------
    str
    """
    parts = _bars(trace, x, y) if isinstance(trace, go.Bar) else _scatter(trace, x, y, before)
    title = f"<title>{escape(trace.name)}</title>" if trace.name else ""
    opacity = "" if trace.opacity is None else f' opacity="{trace.opacity:g}"'
    return f"<g{opacity}>{title}{''.join(parts)}</g>"


def rule(shape: go.layout.Shape, x: Axis, y: Axis) -> str:
    """A line of the layout that stands across a panel, from one end of the y-axis to the other."""
    (left, right), line = x.place([shape.x0, shape.x1]), shape.line
    ends = f'x1="{left:.1f}" y1="{y.start:.1f}" x2="{right:.1f}" y2="{y.end:.1f}"'
    return f'<line {ends} stroke="{line.color}" stroke-width="{line.width:g}"{DASHES.get(line.dash, "")}/>'


def _scatter(trace: go.Scatter, x: Axis, y: Axis, before: go.Scatter | go.Bar | None) -> Iterator[str]:
    across, up = _points(trace, x, y)
    if trace.fill == "tonexty" and before is not None:
        other = _points(before, x, y)
        area = _joined(np.r_[other[0], across[::-1]], np.r_[other[1], up[::-1]])
        yield f'<polygon points="{area}" fill="{trace.fillcolor}"/>'
    if "lines" in trace.mode and trace.line.width != 0:
        yield _line(trace, *_stepped(across, up, trace.line.shape))
    if trace.error_y.array is not None:
        yield from _errors(trace, x, y)
    if "markers" in trace.mode:
        yield from _markers(trace, across, up)


def _points(trace: go.Scatter | go.Bar, x: Axis, y: Axis) -> tuple[np.ndarray, np.ndarray]:
    """Where the points of a trace lie, without those that are not finite."""
    across, up = x.place(values(trace.x)), y.place(values(trace.y))
    known = np.isfinite(across) & np.isfinite(up)
    return across[known], up[known]


def _stepped(across: np.ndarray, up: np.ndarray, shape: str | None) -> tuple[np.ndarray, np.ndarray]:
    if shape not in ("hv", "vh"):
        return across, up
    first, second = slice(1, None), slice(None, -1)
    if shape == "vh":
        first, second = second, first
    return np.repeat(across, 2)[first], np.repeat(up, 2)[second]


def _line(trace: go.Scatter, across: np.ndarray, up: np.ndarray) -> str:
    look = f'stroke="{trace.line.color}" stroke-width="{trace.line.width or 2:g}" stroke-linejoin="round"'
    return f'<polyline points="{_joined(across, up)}" fill="none" {look}{DASHES.get(trace.line.dash, "")}/>'


def _joined(across: np.ndarray, up: np.ndarray) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, up, strict=True))


def _errors(trace: go.Scatter, x: Axis, y: Axis) -> Iterator[str]:
    middle, error = values(trace.y), trace.error_y
    ends = zip(x.place(values(trace.x)), y.place(middle - values(error.arrayminus)), y.place(middle + values(error.array)), strict=True)
    for across, low, high in ends:
        if np.isfinite([across, low, high]).all():
            place = f'x1="{across:.1f}" y1="{low:.1f}" x2="{across:.1f}" y2="{high:.1f}"'
            yield f'<line {place} stroke="{trace.line.color}" stroke-width="{error.thickness or 1:g}"/>'


def _markers(trace: go.Scatter, across: np.ndarray, up: np.ndarray) -> Iterator[str]:
    marker = trace.marker
    colour, half = marker.color or trace.line.color, (marker.size or SIZE) / 2
    is_open = str(marker.symbol or "").endswith("open")
    edge = f'stroke="{colour if is_open else marker.line.color or colour}" stroke-width="{marker.line.width or (1 if is_open else 0):g}"'
    look = f'fill="{"none" if is_open else colour}" {edge}'
    for a, b in zip(across, up, strict=True):
        if str(marker.symbol).startswith("diamond"):
            yield f'<polygon points="{_joined(a + np.array([-half, 0, half, 0]), b + np.array([0, -half, 0, half]))}" {look}/>'
        else:
            yield f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{half:g}" {look}/>'


def _bars(trace: go.Bar, x: Axis, y: Axis) -> Iterator[str]:
    middles, heights = values(trace.x), values(trace.y)
    widths = np.broadcast_to(values(trace.width), middles.shape)
    foot = float(y.place(0))
    opacity = "" if trace.marker.opacity is None else f' fill-opacity="{trace.marker.opacity:g}"'
    for left, right, top in zip(x.place(middles - widths / 2), x.place(middles + widths / 2), y.place(heights), strict=True):
        if np.isfinite(top) and top < foot:
            place = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{foot - top:.1f}"'
            yield f'<rect {place} fill="{trace.marker.color}"{opacity}/>'
