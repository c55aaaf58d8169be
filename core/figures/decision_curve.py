"""Decision curves: is acting on a model better than treating all children, or none?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, style


def decision_curve_figure(curves: Mapping[str, pd.DataFrame], colours: Mapping[str, str], chosen: float | None = None) -> go.Figure:
    """Draw net benefit over the threshold probability (Vickers and Elkin 2006).

    Parameters
    ----------
    curves : mapping of str to DataFrame
        Run label to ``threshold, net_benefit, treat_all``; at least one.
    colours : mapping of str to str
    chosen : float, optional
        A threshold probability to mark, such as 1 / (1 + k) where a missed case is worth k false alarms.

    Returns
    -------
    Figure
    """
    figure = go.Figure()
    first = next(iter(curves.values()))
    for name, values, dash in (("call all pneumonia", first["treat_all"], "dash"), ("call none", 0 * first["treat_all"], "dot")):
        line = {"color": NEUTRAL, "dash": dash, "width": 1.5}
        figure.add_scatter(x=first["threshold"], y=values, name=name, mode="lines", line=line, hoverinfo="skip")
    for label, points in curves.items():
        hover = f"{label}<br>threshold probability %{{x:.2f}}<br>net benefit %{{y:.3f}}<extra></extra>"
        line = {"color": colours[label], "width": 2.5}
        figure.add_scatter(x=points["threshold"], y=points["net_benefit"], name=label, mode="lines", line=line, hovertemplate=hover)
    if chosen is not None:
        line, weight = {"color": NEUTRAL, "width": 1}, f"k = {1 / chosen - 1:g}"
        figure.add_vline(chosen, line=line, annotation_text=weight, annotation_font_color=NEUTRAL)
    best = [points[["net_benefit", "treat_all"]].max().max() for points in curves.values()]
    top = max([0.05, *(value for value in best if value == value)])
    figure.update_xaxes(title="Threshold probability", range=[0, 1])
    figure.update_yaxes(title="Net benefit (per image)", range=[-0.1 * top, 1.08 * top])  # below zero no curve is of use
    return style(figure.update_layout(showlegend=True), height=400)
