"""The probability of a class over a setting of the film, a line for each model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, style

HEIGHT = 260


def what_if_figure(
    values: Sequence[float],
    probabilities: Mapping[str, Sequence[float]],
    thresholds: Mapping[str, float | None],
    colours: Mapping[str, str],
    axis: str,
    of: str,
    none: float,
) -> go.Figure:
    """Draw the curves.

    Parameters
    ----------
    values : sequence of float
        Of the setting.
    probabilities : mapping of str to sequence of float
        Model to the probability at each value.
    thresholds : mapping of str to float or None
        Model to its threshold, drawn dotted in its colour.
    colours : mapping of str to str
    axis, of : str
        What the axes show.
    none : float
        The value that leaves the film as it is, drawn as an upright line.

    Returns
    -------
    Figure
    """
    figure = go.Figure()
    for label, scores in probabilities.items():
        figure.add_scatter(
            x=list(values), y=list(scores), name=label, mode="lines+markers", line={"color": colours[label]},
            hovertemplate=f"{label}<br>{axis}: %{{x}}<br>{of}: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
        if thresholds.get(label) is not None:
            figure.add_hline(y=thresholds[label], line={"color": colours[label], "dash": "dot", "width": 1})
    figure.add_vline(x=none, line={"color": NEUTRAL, "width": 1})
    figure.update_xaxes(title=axis)
    figure.update_yaxes(title=of, range=[-0.02, 1.02])
    return style(figure, HEIGHT)
