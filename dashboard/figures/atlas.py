"""Mean maps of runs side by side in one colour scale, and the difference of two; lines show where the chests and the corners are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures.palette import style
from dashboard.figures.labels import short

HEIGHT = 320
BAR = {"orientation": "h", "thickness": 10, "len": 0.5, "y": -0.02, "yanchor": "top"}
SCALE, DIFFERENCE = "Viridis", "RdBu_r"
ON_MAP, ON_DIFFERENCE = "rgba(255,255,255,0.8)", "rgba(40,40,40,0.7)"
LEVELS = 4  # of grey, by which the mean film is drawn
CORNER = 4  # a corner is this part of the side


def atlas_figure(means: Mapping[str, np.ndarray], films: Sequence[np.ndarray | None] = ()) -> go.Figure:
    """Mean maps of shape (28, 28) side by side, of two also the difference: red where the first looks more.

    Parameters
    ----------
    means : mapping of str to ndarray of shape (28, 28)
        By run; a map of an outcome without films is all 0.
    films : sequence of ndarray of shape (28, 28) or None
        The mean film under each map, drawn over it by lines of equal grey level; that of the first run over the difference.
    """
    titles, maps = [short(name.split()[0]) for name in means], list(means.values())  # letters: names do not fit on a phone
    two = len(maps) == 2
    figure = make_subplots(cols=len(maps) + two, subplot_titles=[*titles, *([f"{titles[0]} − {titles[1]}"] if two else [])])
    for column, (title, mean) in enumerate(zip(titles, maps, strict=True), start=1):
        hover = f"{title}: %{{z:.2f}} of the maximum<extra></extra>"
        figure.add_heatmap(z=mean, coloraxis="coloraxis", hovertemplate=hover, row=1, col=column)
    top = max([float(mean.max()) for mean in maps], default=0.0) or 1.0
    bar = BAR | {"title": {"text": "mean map", "side": "top"}, "x": 0.3 if two else 0.5}
    figure.update_layout(coloraxis={"colorscale": SCALE, "cmin": 0, "cmax": top, "colorbar": bar})
    if two:
        _add_difference(figure, maps[0] - maps[1])
    for column, film in enumerate([*films, *(films[:1] if two else ())], start=1):
        _add_outlines(figure, film, ON_MAP if column <= len(maps) else ON_DIFFERENCE, column)
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x")
    for number in range(1, len(maps) + two + 1):
        figure.update_yaxes(scaleanchor="x" if number == 1 else f"x{number}", row=1, col=number)
    return style(figure, HEIGHT)


def _add_difference(figure: go.Figure, difference: np.ndarray) -> None:
    limit = max(float(np.abs(difference).max()), 1e-3)
    ends = {"tickvals": [-limit, limit], "tickformat": "+.1g", "tickangle": 0}  # more do not fit on a phone
    bar = BAR | ends | {"title": {"text": "difference", "side": "top"}, "x": 0.85, "len": 0.28}
    figure.update_layout(coloraxis2={"colorscale": DIFFERENCE, "cmin": -limit, "cmax": limit, "colorbar": bar})
    figure.add_heatmap(z=difference, coloraxis="coloraxis2", hovertemplate="difference %{z:+.2f}<extra></extra>", row=1, col=3)


def _add_outlines(figure: go.Figure, film: np.ndarray | None, colour: str, column: int) -> None:
    """Lines of equal grey level of a film, and a dotted square in each corner."""
    if film is None:
        return
    low, high, side = float(film.min()), float(film.max()), len(film)
    step = (high - low) / (LEVELS + 1)
    lines = {"coloring": "none", "start": low + step, "end": high - step / 2, "size": step}
    thin = {"color": colour, "width": 1}
    figure.add_contour(
        z=film, contours=lines, line=thin | {"smoothing": 1.3}, showscale=False, showlegend=False, hoverinfo="skip", row=1, col=column
    )
    ends = ((-0.5, side / CORNER - 0.5), (side - side / CORNER - 0.5, side - 0.5))  # a cell reaches half its width around its number
    for (x0, x1), (y0, y1) in product(ends, ends):
        figure.add_shape(type="rect", x0=x0, x1=x1, y0=y0, y1=y1, line=thin | {"dash": "dot"}, row=1, col=column)
