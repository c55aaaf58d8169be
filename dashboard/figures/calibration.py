"""Calibration curves: does a probability of 0.8 come true in eight cases of ten?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.palette import style
from dashboard.figures.roc import Rates, diagonal


def calibration_figure(curves: dict[str, pd.DataFrame], colours: dict[str, str], operating: Mapping[str, Rates] | None = None) -> go.Figure:
    """Draw the observed share over the mean probability, with 95 % intervals.

    Parameters
    ----------
    curves : dict of str to DataFrame
        Run label to ``predicted, observed, low, high, n_samples``, a row for each bin of probability.
    colours : dict of str to str
    operating : mapping, optional
        Not drawn: calibration does not depend on a threshold.

    Returns
    -------
    Figure
    """
    figure = go.Figure(diagonal("perfect"))
    for label, points in curves.items():
        above, below = points["high"] - points["observed"], points["observed"] - points["low"]
        figure.add_scatter(
            x=points["predicted"], y=points["observed"], customdata=points["n_samples"], name=label, mode="lines+markers",
            line={"color": colours[label], "width": 2}, marker={"size": 8},
            error_y={"type": "data", "array": above, "arrayminus": below, "thickness": 1, "width": 3},
            hovertemplate=f"{label}<br>predicted %{{x:.3f}}<br>observed %{{y:.3f}}<br>n = %{{customdata}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="Predicted probability (mean of the bin)", range=[-0.02, 1.02])
    figure.update_yaxes(title="Observed share", range=[-0.02, 1.02])
    return style(figure, height=440)
