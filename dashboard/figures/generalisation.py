"""From validation over the battery to test: what is left of a metric, run by run."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.figures.palette import NEUTRAL, style

MARKS = {
    "validation": ("Validation", "circle-open", "#2f86c9"),
    "battery mean": ("Battery, mean", "diamond", "#b98300"),
    "battery worst": ("Battery, worst clue removed", "diamond-open", "#b98300"),
    "test": ("Test", "circle", "#d55e00"),
}


def generalisation_figure(values: Mapping[str, Mapping[str, float]], metric: str) -> go.Figure:
    """Draw one line a run, from its highest to its lowest value, with a mark for each set of images.

    Parameters
    ----------
    values : mapping of str to mapping
        Run label to set of images (a key of `MARKS`) to value in [0, 1].
    metric : str
        What the values are, for the axis.

    Returns
    -------
    Figure
        One trace of marks for each set of images, under them one grey line for each run.
    """
    figure = go.Figure()
    for label, row in values.items():
        figure.add_scatter(
            x=[min(row.values()), max(row.values())], y=[label, label], mode="lines", line={"color": NEUTRAL, "width": 2},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    for images, (title, symbol, colour) in MARKS.items():
        shown = {label: row[images] for label, row in values.items() if images in row}
        if shown:
            figure.add_scatter(
                x=list(shown.values()), y=list(shown), mode="markers", name=title,
                marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
                hovertemplate=f"%{{y}}<br>{title}: {metric} %{{x:.3f}}<extra></extra>",
            )  # fmt: skip
    figure.update_xaxes(title=metric)
    figure.update_yaxes(type="category", autorange="reversed", automargin=True)
    return style(figure, height=130 + 30 * len(values))
