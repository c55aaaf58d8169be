"""The axes of a figure: where a value lies on the drawing, round ticks, titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.text import html as escape

MOST_TICKS = 6
ROOM = 0.05  # that an axis without limits of its own leaves around the values, as a share of their span
SLACK = 0.05  # the little that an axis leaves beyond 0 and 1 is no reason for other ticks
RULE = 'stroke="currentColor" stroke-opacity="0.2"'
WORDS = 'fill="currentColor" font-family="system-ui, sans-serif"'


@dataclass(frozen=True, eq=False)
class Axis:
    """An axis on a drawing.

    Attributes
    ----------
    layout : XAxis or YAxis
        As the figure has it.
    low, high : float
        Its limits, in the unit of the data.
    start, end : float
        Where these lie, in pixels from the left or, as pixels grow downwards, from the top.
    """

    layout: go.layout.XAxis | go.layout.YAxis
    low: float
    high: float
    start: float
    end: float

    def place(self, values: Sequence[float] | np.ndarray | float) -> np.ndarray:
        """Data to pixels."""
        share = (np.asarray(values, dtype=np.float64) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[tuple[float, str]]:
        """Where each tick lies, in pixels, and what it says."""
        if self.layout.tickvals is not None:
            found = zip(self.layout.tickvals, self.layout.ticktext, strict=True)
            return [(float(self.place(value)), text) for value, text in found if self.low <= value <= self.high]
        form = self.layout.tickformat
        form = ".0f" if form == "d" else form or ".4g"
        return [(float(self.place(value)), format(value, form)) for value in self._values()]

    def _values(self) -> list[float]:
        step = self.layout.dtick
        if step:
            return [float(n * step) for n in range(int(np.ceil(self.low / step)), int(np.floor(self.high / step)) + 1)]
        return round_values(self.low, self.high, self.layout.nticks or MOST_TICKS)


def axis(layout: go.layout.XAxis | go.layout.YAxis, values: Sequence[np.ndarray], start: float, end: float) -> Axis:
    """An axis between two pixels of its figure, of which its domain takes its share.

    Parameters
    ----------
    layout : XAxis or YAxis
    values : sequence of ndarray
        What lies on it, where the figure gives it no limits.
    start, end : float
        In pixels.

    Returns
    -------
    Axis
    """
    first, last = layout.domain or (0, 1)
    low, high = layout.range or _span(values)
    return Axis(layout, low, high, start + first * (end - start), start + last * (end - start))


def _span(values: Sequence[np.ndarray]) -> tuple[float, float]:
    every = np.concatenate([np.zeros(0), *values])
    known = every[np.isfinite(every)]
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    room = ROOM * (high - low) or 0.5
    return 0.0 if low == 0 else low - room, high + room


def round_values(low: float, high: float, most: int = MOST_TICKS) -> list[float]:
    """Round values between two limits, 1, 2, 2.5 or 5 times a power of ten apart.

    Parameters
    ----------
    low, high : float
    most : int
        About how many, at the most.

    Returns
    -------
    list of float
    """
    least = (1 - SLACK) * (high - low) / (most - 1)
    power = 10.0 ** np.floor(np.log10(least))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least)
    return [float(n * step) for n in range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)]


def drawn(x: Axis, y: Axis) -> Iterator[str]:
    """Rules, ticks and titles of a pair of axes."""
    for up, text in y.ticks():
        yield f'<line x1="{x.start:.1f}" y1="{up:.1f}" x2="{x.end:.1f}" y2="{up:.1f}" {RULE}/>'
        yield word(x.start - 7, up + 4, text, "end")
    for left, text in x.ticks():
        if x.layout.showgrid is not False:
            yield f'<line x1="{left:.1f}" y1="{y.end:.1f}" x2="{left:.1f}" y2="{y.start:.1f}" {RULE}/>'
        if x.layout.showticklabels is not False:
            yield word(left, y.start + 17, text, "middle")
    middle_x, middle_y = (x.start + x.end) / 2, (y.start + y.end) / 2
    if x.layout.title.text:
        yield word(middle_x, y.start + 38, x.layout.title.text, "middle", 13)
    if y.layout.title.text:
        yield word(14, middle_y, y.layout.title.text, "middle", 13, f' transform="rotate(-90 14 {middle_y:.1f})"')


def word(x: float, y: float, text: str, anchor: str, size: int = 12, more: str = "") -> str:
    """Words on the drawing; `anchor` is ``start``, ``middle`` or ``end``."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {WORDS}{more}>{escape(text)}</text>'
