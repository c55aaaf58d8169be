"""One check of a map as a small plot."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, RUN_COLOURS, style

HEIGHT = 220


def check_figure(curve: pd.DataFrame, kind: str, x_label: str, y_label: str) -> go.Figure:
    """Draw a check's numbers.

    Parameters
    ----------
    curve : DataFrame
        ``series, x, y``.
    kind : {"line", "bar"}
        One line for each series, or one bar.
    x_label, y_label : str

    Returns
    -------
    Figure
        One trace for each series; a single one for bars. Controls ("random", "centre") are grey and dashed.
    """
    figure = go.Figure()
    if kind == "bar":
        hover = "%{x}<br>%{y:.3f}<extra></extra>"
        figure.add_bar(x=curve["series"], y=curve["y"], marker={"color": RUN_COLOURS[0]}, hovertemplate=hover)
        figure.update_xaxes(title=None, type="category")
    else:
        for position, (name, part) in enumerate(curve.groupby("series", sort=False)):
            control = any(word in str(name).lower() for word in ("random", "centre"))
            line = {"color": NEUTRAL if control else RUN_COLOURS[position % len(RUN_COLOURS)], "dash": "dot" if control else "solid"}
            figure.add_scatter(
                x=part["x"], y=part["y"], name=str(name), mode="lines", line=line,
                hovertemplate=f"{name}<br>{x_label}: %{{x:.3g}}<br>{y_label}: %{{y:.3f}}<extra></extra>",
            )  # fmt: skip
        figure.update_xaxes(title=x_label)
    figure.update_yaxes(title=y_label)
    return style(figure, HEIGHT)
