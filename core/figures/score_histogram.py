"""How each run's scores are spread, class by class: one row a run."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.counted import class_words
from core.figures.palette import NEUTRAL, class_colour, style

ROW = 92


def score_histogram_figure(histograms: Mapping[str, pd.DataFrame], thresholds: Mapping[str, float | None], score_title: str) -> go.Figure:
    """Draw, for each run, the share of every true class in each bin of the score.

    Parameters
    ----------
    histograms : mapping of str to DataFrame
        Run label to ``class_name, left, right, count, share``, a row for each true class and bin.
    thresholds : mapping of str to float or None
        Threshold in use, drawn as a line; None for none.
    score_title : str
        What the score is, such as ``Probability of pneumonia``.

    Returns
    -------
    Figure
        A bar trace for each run and class, in shares of the class so that a rare class is seen too; counts in the hover text.
    """
    n_rows = len(histograms)
    figure = make_subplots(rows=n_rows, shared_xaxes=True, vertical_spacing=0.28 / n_rows, subplot_titles=list(histograms))
    for row, (label, table) in enumerate(histograms.items(), start=1):
        for name, bins in table.groupby("class_name", sort=False):
            figure.add_trace(_bars(label, name, bins, first=row == 1), row=row, col=1)
        if thresholds.get(label) is not None:
            figure.add_vline(thresholds[label], row=row, col=1, line={"color": NEUTRAL, "width": 2, "dash": "dash"})
    figure.update_annotations(x=0, xanchor="left", font_size=13)
    figure.update_layout(barmode="overlay", bargap=0.04, showlegend=True)
    figure.update_xaxes(range=[0, 1], showgrid=False)
    figure.update_xaxes(title=score_title, row=n_rows)
    figure.update_yaxes(tickformat=".0%", nticks=4)
    legend = {"y": 1, "yref": "container", "yanchor": "top"}
    return style(figure, height=110 + ROW * n_rows).update_layout(margin_t=64, legend=legend)


def _bars(label: str, name: str, bins: pd.DataFrame, first: bool) -> go.Bar:
    title = class_words(name, begins=True)
    hover = f"{label}<br>{title}, n = {bins['count'].sum():,}<br>score %{{x:.3f}}: %{{customdata:,}} images (%{{y:.1%}})"
    return go.Bar(
        x=(bins["left"] + bins["right"]) / 2, y=bins["share"], width=bins["right"] - bins["left"], customdata=bins["count"],
        name=title, legendgroup=name, showlegend=first, marker={"color": class_colour(name), "opacity": 0.65},
        hovertemplate=f"{hover}<extra></extra>",
    )  # fmt: skip
