"""Precision–recall curves of several runs, with each operating point marked."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.figures.threshold_curves import Rates, curve_figure, operating_marker


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
    traces = []
    for label, points in curves.items():
        hover = f"{label}<br>recall %{{x:.3f}}<br>precision %{{y:.3f}}<br>threshold %{{customdata:.3f}}<extra></extra>"
        # Precision drops at once where a threshold admits a false alarm: a straight line between points would be too kind.
        line = {"color": colours[label], "width": 2.5, "shape": "vh"}
        traces.append(
            go.Scatter(
                x=points["recall"], y=points["precision"], customdata=points["threshold"], name=label, mode="lines", line=line,
                hovertemplate=hover,
            )
        )  # fmt: skip
    for label, rates in (operating or {}).items():
        traces += operating_marker(label, rates["sensitivity"], rates["precision"], rates["threshold"], colours[label])
    return curve_figure(traces, "Recall (sensitivity)", "Precision")
