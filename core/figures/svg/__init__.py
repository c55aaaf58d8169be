"""A figure of Plotly as SVG that needs no script, no browser and no network: for a report, and until a browser has loaded Plotly."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import plotly.graph_objects as go
from markupsafe import Markup

from core.figures.svg.axes import Axis, axis, drawn, word
from core.figures.svg.marks import DASHES, marks, rule, values
from core.text import html as escape
from core.text import shortened

LEFT, TOP, RIGHT, BOTTOM = 62, 10, 14, 48
MOST = 54  # characters of the title of a panel that a narrow drawing has room for
HEADING = 20  # above the upper panel where panels have titles
GREY = "#7a8692"  # readable on light and on dark: a picture does not know on which it is shown


def to_svg(figure: go.Figure, alt: str, width: int = 460, height: int = 350) -> Markup:
    """Draw a figure; its words and rules have the colour of the text around it.

    Parameters
    ----------
    figure : Figure
        Scatter and bar traces on linear axes, one panel or several.
    alt : str
        What it shows, for screen readers.
    width, height : int
        In pixels, of which the drawing keeps the ratio.

    Returns
    -------
    Markup
        An ``svg`` element.
    """
    return Markup(f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(alt)}">{_inside(figure, width, height)}</svg>')


def to_picture(figure: go.Figure, alt: str, width: int = 840) -> str:
    """Draw a figure as a picture with its source inside, for places that take HTML and leave SVG out.

    Parameters
    ----------
    figure : Figure
        With a height.
    alt : str
    width : int
        In pixels; a narrower place shrinks it.

    Returns
    -------
    str
        An ``img`` element.
    """
    height = figure.layout.height
    head = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" color="{GREY}"'
    source = base64.b64encode(f"<svg {head}>{_inside(figure, width, height)}</svg>".encode()).decode()
    return f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(alt)}" style="width:100%;height:{height}px">'


def legend(figure: go.Figure) -> Markup:
    """What each colour and dash of a figure stands for, as HTML, whose lines break where there is no room.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    Markup
        A ``p`` element.
    """
    shown = [trace for trace in figure.data if trace.name and trace.showlegend is not False]
    return Markup(f'<p class="legend">{"".join(f"<span>{_sample(trace)} {escape(trace.name)}</span> " for trace in shown)}</p>')


def _sample(trace: go.Scatter | go.Bar) -> str:
    if isinstance(trace, go.Bar):
        look = f'stroke="{trace.marker.color}" stroke-width="9" stroke-opacity="{trace.marker.opacity or 1:g}"'
    else:
        look = f'stroke="{trace.line.color}" stroke-width="2.5"{DASHES.get(trace.line.dash, "")}'
    return f'<svg width="24" height="10" aria-hidden="true"><line x1="0" y1="5" x2="24" y2="5" {look}/></svg>'


def _inside(figure: go.Figure, width: int, height: int) -> str:
    """All that stands in the drawing, panel by panel."""
    top = TOP + HEADING * any(note.yref == "paper" for note in figure.layout.annotations)
    area = (LEFT, width - RIGHT, height - BOTTOM, top)
    panels = {number: _axes(figure, number, area) for number in _numbers(figure)}
    return "".join([*(part for panel in panels.items() for part in _panel(figure, *panel)), *_notes(figure, panels, area)])


def _numbers(figure: go.Figure) -> list[str]:
    """The panels: ``""`` for the first, ``"2"`` for the next."""
    return [axis.plotly_name.removeprefix("yaxis") for axis in figure.select_yaxes()]


def _axes(figure: go.Figure, number: str, area: tuple[float, float, float, float]) -> tuple[Axis, Axis]:
    traces = _traces(figure, number)
    x = axis(figure.layout[f"xaxis{number}"], [values(trace.x) for trace in traces], *area[:2])
    heights = [values(trace.y) for trace in traces] + [values([0]) for trace in traces if isinstance(trace, go.Bar)]
    return x, axis(figure.layout[f"yaxis{number}"], heights, *area[2:])


def _traces(figure: go.Figure, number: str) -> list[go.Scatter | go.Bar]:
    return [trace for trace in figure.data if (trace.yaxis or "y") == f"y{number}"]


def _panel(figure: go.Figure, number: str, axes: tuple[Axis, Axis]) -> Iterator[str]:
    x, y = axes
    yield from drawn(x, y)
    place = f"{x.start:.1f} {y.end:.1f} {x.end - x.start:.1f} {y.start - y.end:.1f}"
    left, top, width, height = place.split()
    yield f'<svg x="{left}" y="{top}" width="{width}" height="{height}" viewBox="{place}">'  # cuts what lies beyond the axes
    traces = _traces(figure, number)
    for before, trace in zip([None, *traces], traces, strict=False):
        yield marks(trace, x, y, before)
    yield "".join(rule(shape, x, y) for shape in figure.layout.shapes if shape.xref == f"x{number}")
    yield "</svg>"


def _notes(figure: go.Figure, panels: dict[str, tuple[Axis, Axis]], area: tuple[float, float, float, float]) -> Iterator[str]:
    """The words of the layout: titles of panels, and what stands beside a line."""
    left, right, bottom, top = area
    for note in figure.layout.annotations:
        if note.yref == "paper":
            yield word(left + note.x * (right - left), bottom + note.y * (top - bottom) - 5, shortened(note.text, MOST), "start", 13)
        else:
            x, y = panels[note.xref.removeprefix("x")]
            yield word(float(x.place(note.x)) + 4, y.end + 13, note.text, "start")
