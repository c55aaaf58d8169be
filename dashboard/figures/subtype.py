"""Recall of bacterial and of viral pneumonia, run by run."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.figures.palette import style

Interval = tuple[float, float, float, int]


def subtype_figure(recalls: Mapping[str, Mapping[str, Interval]], colours: dict[str, str]) -> go.Figure:
    """Draw recall with its 95 % interval for each sub-type.

    Parameters
    ----------
    recalls : mapping of str to mapping
        Run label to sub-type to ``(value, low, high, n_samples)``.
    colours : dict of str to str
        A colour for each label.

    Returns
    -------
    Figure
        One trace for each run; rows are sub-types with their number of images.
    """
    figure = go.Figure()
    for label, subtypes in recalls.items():
        values = list(subtypes.values())
        error = {"array": [high - value for value, _, high, _ in values], "arrayminus": [value - low for value, low, _, _ in values]}
        figure.add_scatter(
            x=[value for value, *_ in values], y=[f"{name.capitalize()} (n = {n})" for name, (*_, n) in subtypes.items()], name=label,
            orientation="h", mode="markers",
            marker={"size": 11, "color": colours[label]}, error_x={"type": "data", "thickness": 2, "width": 4} | error,
            customdata=[(low, high) for _, low, high, _ in values],
            hovertemplate=f"{label}<br>%{{y}}<br>recall %{{x:.3f}} (%{{customdata[0]:.3f}}–%{{customdata[1]:.3f}})<extra></extra>",
        )  # fmt: skip
    n_rows = max((len(subtypes) for subtypes in recalls.values()), default=1)
    figure.update_xaxes(title="Share called pneumonia, with 95 % interval", range=[-0.02, 1.02])
    figure.update_yaxes(type="category", range=[n_rows - 0.5, -0.5], automargin=True)
    # Side by side within a row, so that intervals of several runs do not hide each other.
    figure.update_layout(scattermode="group", scattergap=0.4, showlegend=True)
    return style(figure, height=110 + n_rows * (36 + 16 * len(recalls)))
