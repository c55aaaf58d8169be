"""From validation over altered validation images (the battery) to test: what is left of a metric, run by run."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, style

MARKS = {
    "validation": ("Validation", "circle-open", "#2f86c9"),
    "worst group on validation": ("Worst group on validation", "square-open", "#2f86c9"),
    "battery mean": ("Altered validation, mean", "diamond", "#b98300"),
    "battery worst": ("Altered validation, worst clue removed", "diamond-open", "#b98300"),
    "series held out": ("Series held out", "triangle-up", "#009e73"),
    "test": ("Test", "circle", "#d55e00"),
    "worst group on test": ("Worst group on test", "square", "#d55e00"),
}


def generalisation_figure(systems: Mapping[str, Mapping[str, Mapping[str, float]]], metric: str) -> go.Figure:
    """Draw one line a system, from its highest to its lowest value, with a mark for each run and set of images.

    Parameters
    ----------
    systems : mapping of str to mapping
        System to run label to set of images (a key of `MARKS`) to value in [0, 1].
    metric : str
        What the values are, for the axis.

    Returns
    -------
    Figure
        One trace of marks for each set of images, under them one grey line for each system; its name stands above the line, so
        that a narrow screen is left to the values.
    """
    figure = go.Figure()
    for system, runs in systems.items():
        values = [value for row in runs.values() for value in row.values() if value == value]
        figure.add_scatter(
            x=[min(values, default=None), max(values, default=None)], y=[system, system], mode="lines", line={"color": NEUTRAL, "width": 2},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_annotation(text=system, x=0, xref="paper", xanchor="left", y=system, yanchor="bottom", yshift=6, showarrow=False)
    for images, (title, symbol, colour) in MARKS.items():
        shown = [(system, label, row[images]) for system, runs in systems.items() for label, row in runs.items() if images in row]
        if shown:
            names, labels, values = zip(*shown, strict=True)
            figure.add_scatter(
                x=values, y=names, customdata=labels, mode="markers", name=title,
                marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
                hovertemplate=f"%{{customdata}}<br>{title}: {metric} %{{x:.3f}}<extra></extra>",
            )  # fmt: skip
    figure.update_xaxes(title=metric)
    figure.update_yaxes(type="category", autorange="reversed", showticklabels=False)
    return style(figure, height=150 + 42 * len(systems))
