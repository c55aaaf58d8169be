"""A rate on the films that a run keeps, against the share that is handed to a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.figures.palette import style, translucent


def referral_figure(curves: Mapping[str, Mapping[str, Sequence[float]]], colours: Mapping[str, str], rate: str) -> go.Figure:
    """Draw a line with its band for each run.

    Parameters
    ----------
    curves : mapping of str to mapping
        By label: ``share, n_kept, value, low, high, n``, lists of one length.
    colours : mapping of str to str
    rate : str
        For the axis.
    """
    figure = go.Figure()
    for label, curve in curves.items():
        band = {"x": [*curve["share"], *curve["share"][::-1]], "y": [*curve["high"], *curve["low"][::-1]]}
        figure.add_scatter(
            **band, fill="toself", mode="lines", line={"width": 0}, fillcolor=translucent(colours[label], 0.15), hoverinfo="skip",
            showlegend=False, legendgroup=label,
        )  # fmt: skip
        figure.add_scatter(
            x=curve["share"], y=curve["value"], mode="lines", name=label, legendgroup=label, line={"color": colours[label], "width": 2},
            customdata=list(zip(curve["low"], curve["high"], curve["n"], curve["n_kept"], strict=True)),
            hovertemplate=f"{label}<br>%{{x:.0%}} handed over, %{{customdata[3]:,}} kept<br>{rate} %{{y:.3f}} "
            "(%{customdata[0]:.3f}–%{customdata[1]:.3f}), n = %{customdata[2]:,}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="Share of the films handed to a reader", tickformat=".0%")
    figure.update_yaxes(title=f"{rate} on the films kept")
    return style(figure, height=380)
