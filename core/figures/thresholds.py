"""Sensitivity and specificity at every threshold, and the threshold in use."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.figures.threshold_curves import Rates, curve_figure, operating_marker

DASHES = {"sensitivity": "solid", "specificity": "dash"}


def thresholds_figure(curves: dict[str, pd.DataFrame], colours: dict[str, str], operating: Mapping[str, Rates] | None = None) -> go.Figure:
    """Draw both rates of each run over the threshold: sensitivity solid, specificity dashed.

    Parameters
    ----------
    curves : dict of str to DataFrame
        Run label to ``threshold, sensitivity, specificity``.
    colours : dict of str to str
    operating : mapping of str to mapping, optional
        ``sensitivity, specificity, threshold`` in use, by label: a dot on each of the run's two lines.

    Returns
    -------
    Figure
        Traces named ``<label>, sensitivity`` and ``<label>, specificity``.
    """
    traces = []
    for label, points in curves.items():
        for rate, dash in DASHES.items():
            hover = f"{label}<br>threshold %{{x:.3f}}<br>{rate} %{{y:.3f}}<extra></extra>"
            line, name = {"color": colours[label], "dash": dash, "width": 2.5}, f"{label}, {rate}"
            traces.append(go.Scatter(x=points["threshold"], y=points[rate], name=name, mode="lines", line=line, hovertemplate=hover))
    for label, rates in (operating or {}).items():
        for rate in DASHES:
            traces += operating_marker(f"{label}, {rate}", rates["threshold"], rates[rate], rates["threshold"], colours[label])
    return curve_figure(traces, "Threshold on the probability", "Share recognised")
