"""The range between the seeds of one recipe, behind their mean."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import translucent

ALPHA = 0.18


def band(x: Sequence | pd.Series, low: pd.Series, high: pd.Series, colour: str, group: str = "") -> list[go.Scatter]:
    """Two lines that are not seen and the tint between them, out of the legend.

    Parameters
    ----------
    x : sequence of shape (n_points,)
    low, high : Series of shape (n_points,)
        In the unit of the axis.
    colour : str
        Of the mean.
    group : str
        The legend group of the mean, so that a click hides both.
    """
    common = {"x": x, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "legendgroup": group or None}
    return [go.Scatter(**common, y=high), go.Scatter(**common, y=low, fill="tonexty", fillcolor=translucent(colour, ALPHA))]
