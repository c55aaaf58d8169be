"""Precision–recall curves of several runs, with each operating point marked."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.palette import style
from dashboard.figures.roc import Rates, operating_marker


def precision_recall_figure(
    curves: dict[str, pd.DataFrame], colours: dict[str, str], operating: Mapping[str, Rates] | None = None
) -> go.Figure:
    """Draw precision over recall.

    Parameters
    ----------
    curves : dict of str to DataFrame
        Run label to ``recall, precision, threshold``.
    colours : dict of str to str
    operating : mapping of str to mapping, optional
        ``sensitivity, precision, threshold`` in use, by label.

    Returns
    -------
    Figure
    """
    figure = go.Figure()
    for label, points in curves.items():
        hover = f"{label}<br>recall %{{x:.3f}}<br>precision %{{y:.3f}}<br>threshold %{{customdata:.3f}}<extra></extra>"
        # Precision drops at once where a threshold admits a false alarm: a straight line between points would be too kind.
        line = {"color": colours[label], "width": 2.5, "shape": "vh"}
        figure.add_scatter(
            x=points["recall"],
            y=points["precision"],
            customdata=points["threshold"],
            name=label,
            mode="lines",
            line=line,
            hovertemplate=hover,
        )
    for label, rates in (operating or {}).items():
        figure.add_trace(operating_marker(label, rates["sensitivity"], rates["precision"], rates["threshold"], colours[label]))
    figure.update_xaxes(title="Recall (sensitivity)", range=[-0.01, 1.01])
    figure.update_yaxes(title="Precision", range=[-0.01, 1.02])
    return style(figure.update_layout(showlegend=True), height=440)
