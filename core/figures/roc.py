"""ROC curves of several runs, with each operating point marked."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from core.figures.band import band
from core.figures.threshold_curves import Rates, curve_figure, diagonal, operating_marker

MEAN_HOVER = (
    "{label}, mean<br>sensitivity %{{y:.3f}} (%{{customdata[0]:.3f}}–%{{customdata[1]:.3f}} over the seeds)"
    "<br>false alarms %{{x:.3f}}<extra></extra>"
)


def roc_figure(curves: dict[str, pd.DataFrame], colours: dict[str, str], operating: Mapping[str, Rates] | None = None) -> go.Figure:
    """Draw ROC curves and the line of chance.

    Parameters
    ----------
    curves : dict of str to DataFrame
        Run label to ``fpr, tpr, threshold``, or to ``fpr, tpr, tpr_low, tpr_high`` for the mean of seeds, which gets a band; an
        empty table draws nothing.
    colours : dict of str to str
        A colour for each label.
    operating : mapping of str to mapping, optional
        ``sensitivity, specificity, threshold`` in use, by label.

    Returns
    -------
    Figure
    """
    traces = [diagonal("chance")]
    for label, points in curves.items():
        hover = f"{label}<br>sensitivity %{{y:.3f}}<br>false alarms %{{x:.3f}}<br>threshold %{{customdata:.3f}}<extra></extra>"
        line = {"color": colours[label], "width": 2.5}
        common = {"x": points["fpr"], "y": points["tpr"], "name": label, "mode": "lines", "line": line}
        if "tpr_low" in points:
            traces += band(points["fpr"], points["tpr_low"], points["tpr_high"], colours[label], label)
            around = points[["tpr_low", "tpr_high"]]
            traces.append(go.Scatter(**common, customdata=around, legendgroup=label, hovertemplate=MEAN_HOVER.format(label=label)))
            continue
        reached = points["threshold"].clip(upper=1)  # the curve starts at an infinite threshold, where nothing is called
        traces.append(go.Scatter(**common, customdata=reached, hovertemplate=hover))
    for label, rates in (operating or {}).items():
        traces += operating_marker(label, 1 - rates["specificity"], rates["sensitivity"], rates["threshold"], colours[label])
    return curve_figure(traces, "False alarms among the healthy (1 − specificity)", "Sensitivity")
