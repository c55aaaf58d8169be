"""ROC curves of several runs, with each operating point marked."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.palette import NEUTRAL, style

Rates = Mapping[str, float]


def roc_figure(curves: dict[str, pd.DataFrame], colours: dict[str, str], operating: Mapping[str, Rates] | None = None) -> go.Figure:
    """Draw ROC curves and the line of chance.

    Parameters
    ----------
    curves : dict of str to DataFrame
        Run label to ``fpr, tpr, threshold``; an empty table draws nothing.
    colours : dict of str to str
        A colour for each label.
    operating : mapping of str to mapping, optional
        ``sensitivity, specificity, threshold`` in use, by label.

    Returns
    -------
    Figure
    """
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], name="chance", mode="lines", line={"color": NEUTRAL, "dash": "dot", "width": 1}, hoverinfo="skip"
    )
    for label, points in curves.items():
        hover = f"{label}<br>sensitivity %{{y:.3f}}<br>false alarms %{{x:.3f}}<br>threshold %{{customdata:.3f}}<extra></extra>"
        line = {"color": colours[label], "width": 2.5}
        reached = points["threshold"].clip(upper=1)  # the curve starts at an infinite threshold, where nothing is called
        figure.add_scatter(x=points["fpr"], y=points["tpr"], customdata=reached, name=label, mode="lines", line=line, hovertemplate=hover)
    for label, rates in (operating or {}).items():
        figure.add_trace(operating_marker(label, 1 - rates["specificity"], rates["sensitivity"], rates["threshold"], colours[label]))
    figure.update_xaxes(title="False alarms among the healthy (1 − specificity)", range=[-0.01, 1.01])
    figure.update_yaxes(title="Sensitivity", range=[-0.01, 1.02])
    return style(figure, height=440)


def operating_marker(label: str, x: float, y: float, threshold: float, colour: str) -> go.Scatter:
    """The point of a curve at the threshold in use, out of the legend."""
    marker = {"size": 12, "color": colour, "symbol": "circle", "line": {"width": 2, "color": "white"}}
    hover = f"{label}<br>in use: threshold {threshold:.3f}<br>%{{x:.3f}}, %{{y:.3f}}<extra></extra>"
    return go.Scatter(x=[x], y=[y], name=f"{label}, in use", mode="markers", marker=marker, showlegend=False, hovertemplate=hover)


def diagonal(name: str) -> go.Scatter:
    """A thin line from (0, 0) to (1, 1)."""
    return go.Scatter(x=[0, 1], y=[0, 1], name=name, mode="lines", line={"color": NEUTRAL, "dash": "dot", "width": 1}, hoverinfo="skip")
