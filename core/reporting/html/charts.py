"""Line charts as inline SVG: no script, no network, sharp in print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from core.text import html as escape

WIDTH, HEIGHT = 440, 330
LEFT, TOP, RIGHT, BOTTOM = 60, 14, 14, 46
# After Okabe and Ito (2008), told apart by colour-blind readers; at least 3:1 against white.
COLOURS = ("#2f86c9", "#d55e00", "#009e73", "#b565a7", "#b98300", "#7f7f7f")
GREY = "#888888"
MOST_TICKS = 6


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a chart.

    Attributes
    ----------
    label : str
        Read by screen readers and shown on hover.
    x, y : sequence of float
    colour : str
    dashed : bool
    dots : bool
        Mark every point.
    """

    label: str
    x: Sequence[float] | np.ndarray
    y: Sequence[float] | np.ndarray
    colour: str
    dashed: bool = False
    dots: bool = False


def chart(
    lines: Sequence[Line],
    x_title: str,
    y_title: str,
    x_range: tuple[float, float] = (0.0, 1.0),
    y_range: tuple[float, float] = (0.0, 1.0),
    diagonal: bool = False,
) -> Markup:
    """Draw lines between two axes.

    Parameters
    ----------
    lines : sequence of Line
        Points that are not finite, or lie outside the ranges, are left out or cut at the edge.
    x_title, y_title : str
    x_range, y_range : tuple of float
    diagonal : bool
        Draw the line from corner to corner that means chance, or perfect calibration.

    Returns
    -------
    Markup
        An ``svg`` element; its text colour is that of the page.
    """
    parts = [_axis(x_range, y_range), _titles(x_title, y_title)]
    if diagonal:
        (x0, x1), (y0, y1) = _place(np.array(x_range), x_range, 0), _place(np.array(y_range), y_range, 1)
        parts.append(f'<line class="diagonal" x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}"/>')
    parts += [_line(line, x_range, y_range) for line in lines]
    label = escape(f"{y_title} over {x_title}: {', '.join(line.label for line in lines)}")
    return Markup(f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>')


def steps(edges: Sequence[float] | np.ndarray, heights: Sequence[float] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The outline of a histogram as x and y of a line: n + 1 edges and n heights."""
    return np.repeat(edges, 2), np.r_[0.0, np.repeat(heights, 2), 0.0]


def ticks(low: float, high: float) -> list[float]:
    """At most six round values between two limits, 1, 2, 2.5 or 5 times a power of ten apart.

    Parameters
    ----------
    low, high : float

    Returns
    -------
    list of float
    """
    least = (high - low) / (MOST_TICKS - 1)
    power = 10.0 ** np.floor(np.log10(least))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least * (1 - 1e-9))
    return [float(n * step) for n in range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)]


def _line(line: Line, x_range: tuple[float, float], y_range: tuple[float, float]) -> str:
    x, y = np.asarray(line.x, dtype=np.float64), np.asarray(line.y, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    x, y = _place(x[known].clip(*x_range), x_range, 0), _place(y[known].clip(*y_range), y_range, 1)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    dash = ' stroke-dasharray="5 4"' if line.dashed else ""
    dots = (
        "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.2" fill="{line.colour}"/>' for a, b in zip(x, y, strict=True)) if line.dots else ""
    )
    return f'<g><title>{escape(line.label)}</title><polyline points="{points}" stroke="{line.colour}"{dash}/>{dots}</g>'


def _place(values: np.ndarray, limits: tuple[float, float], axis: int) -> np.ndarray:
    """Data to pixels; y grows downwards."""
    share = (values - limits[0]) / (limits[1] - limits[0])
    return LEFT + share * (WIDTH - LEFT - RIGHT) if axis == 0 else HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axis(x_range: tuple[float, float], y_range: tuple[float, float]) -> str:
    parts = []
    for value in ticks(*x_range):
        x = float(_place(np.array(value), x_range, 0))
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:.4g}</text>')
    for value in ticks(*y_range):
        y = float(_place(np.array(value), y_range, 1))
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{value:.3g}</text>')
    return "".join(parts)


def _titles(x_title: str, y_title: str) -> str:
    middle_x, middle_y = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    return (
        f'<text x="{middle_x}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_title)}</text>'
        f'<text x="13" y="{middle_y}" text-anchor="middle" transform="rotate(-90 13 {middle_y})">{escape(y_title)}</text>'
    )
