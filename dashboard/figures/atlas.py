"""Mean maps of runs side by side in one colour scale, and the difference of two."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures.palette import style
from dashboard.figures.labels import short

HEIGHT = 320
BAR = {"orientation": "h", "thickness": 10, "len": 0.5, "y": -0.02, "yanchor": "top"}
SCALE, DIFFERENCE = "Viridis", "RdBu_r"


def atlas_figure(means: Mapping[str, np.ndarray]) -> go.Figure:
    """Mean maps of shape (28, 28) side by side, of two also the difference: red where the first looks more.

    Parameters
    ----------
    means : mapping of str to ndarray of shape (28, 28)
        By run; a map of an outcome without films is all 0.
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
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x")
    for number in range(1, len(maps) + two + 1):
        figure.update_yaxes(scaleanchor="x" if number == 1 else f"x{number}", row=1, col=number)
    return style(figure, HEIGHT)


def _add_difference(figure: go.Figure, difference: np.ndarray) -> None:
    limit = max(float(np.abs(difference).max()), 1e-3)
    bar = BAR | {"title": {"text": "difference", "side": "top"}, "x": 0.85, "len": 0.28}
    figure.update_layout(coloraxis2={"colorscale": DIFFERENCE, "cmin": -limit, "cmax": limit, "colorbar": bar})
    figure.add_heatmap(z=difference, coloraxis="coloraxis2", hovertemplate="difference %{z:+.2f}<extra></extra>", row=1, col=3)
