"""Calibration curves: does a probability of 0.8 come true in eight cases of ten?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures.palette import style
from core.figures.threshold_curves import diagonal

AFTER = ", scaled"


def calibration_figure(
    curves: dict[str, pd.DataFrame], colours: dict[str, str], scaled: Mapping[str, pd.DataFrame] | None = None
) -> go.Figure:
    """Draw the observed share over the mean probability with 95 % intervals, and below how many images each bin holds.

    Parameters
    ----------
    curves : dict of str to DataFrame
        Run label to ``predicted, observed, low, high, n_samples``, a row for each bin of probability.
    colours : dict of str to str
    scaled : mapping of str to DataFrame, optional
        The same after temperature scaling, drawn dashed without intervals.

    Returns
    -------
    Figure
        For each run a line, the line ``<label>, scaled`` where given, and the bars ``<label>, images``.
    """
    figure = make_subplots(rows=2, shared_xaxes=True, row_heights=[0.76, 0.24], vertical_spacing=0.05)
    figure.add_trace(diagonal("perfect"), row=1, col=1)
    for label, points in curves.items():
        figure.add_trace(_line(label, points, colours[label]), row=1, col=1)
        figure.add_trace(_counts(label, points, colours[label]), row=2, col=1)
    for label, points in (scaled or {}).items():
        figure.add_trace(_scaled_line(label, points, colours[label]), row=1, col=1)
    figure.update_xaxes(range=[-0.02, 1.02])
    figure.update_xaxes(title="Predicted probability (mean of the bin)", row=2)
    figure.update_yaxes(title="Observed share", range=[-0.02, 1.02], row=1)
    figure.update_yaxes(title="Images", nticks=3, row=2)
    return style(figure, height=520)


def _line(label: str, points: pd.DataFrame, colour: str) -> go.Scatter:
    above, below = points["high"] - points["observed"], points["observed"] - points["low"]
    return go.Scatter(
        x=points["predicted"], y=points["observed"], customdata=points["n_samples"], name=label, mode="lines+markers",
        line={"color": colour, "width": 2}, marker={"size": 8}, legendgroup=label,
        error_y={"type": "data", "array": above, "arrayminus": below, "thickness": 1, "width": 3},
        hovertemplate=f"{label}<br>predicted %{{x:.3f}}<br>observed %{{y:.3f}}<br>n = %{{customdata:,}}<extra></extra>",
    )  # fmt: skip


def _scaled_line(label: str, points: pd.DataFrame, colour: str) -> go.Scatter:
    hover = f"{label}, temperature scaled<br>predicted %{{x:.3f}}<br>observed %{{y:.3f}}<br>n = %{{customdata:,}}<extra></extra>"
    return go.Scatter(
        x=points["predicted"], y=points["observed"], customdata=points["n_samples"], name=f"{label}{AFTER}", mode="lines+markers",
        line={"color": colour, "width": 2, "dash": "dash"}, marker={"size": 7, "symbol": "diamond-open"}, legendgroup=label,
        hovertemplate=hover,
    )  # fmt: skip


def _counts(label: str, points: pd.DataFrame, colour: str) -> go.Bar:
    return go.Bar(
        x=points["predicted"], y=points["n_samples"], name=f"{label}, images", legendgroup=label, showlegend=False,
        marker={"color": colour}, width=0.012, hovertemplate=f"{label}<br>mean %{{x:.3f}}: %{{y:,}} images<extra></extra>",
    )  # fmt: skip
