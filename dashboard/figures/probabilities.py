"""What each run says of one image: class probabilities and the threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from dashboard.figures.palette import NEUTRAL, class_colour, style


def probabilities_figure(
    probabilities: Mapping[str, Mapping[str, float]],
    thresholds: Mapping[str, float | None],
    colour: Callable[[str], str] = class_colour,
) -> go.Figure:
    """Draw a stacked bar of class probabilities for each run, and a tick at its threshold.

    Parameters
    ----------
    probabilities : mapping of str to mapping
        Run label to class name to probability. The first class, normal, is drawn last: bars of pneumonia start at 0, and so
        do thresholds.
    thresholds : mapping of str to float or None
        Run label to the threshold on class 1; None for more than two classes.
    colour : callable of (str) to str
        A class's colour.

    Returns
    -------
    Figure
        One bar trace for each class, and the trace ``threshold``.
    """
    figure = go.Figure()
    firsts = dict.fromkeys(next(iter(scores)) for scores in probabilities.values())
    others = dict.fromkeys(name for scores in probabilities.values() for name in reversed(scores))
    for name in [*(other for other in others if other not in firsts), *firsts]:
        rows = {label: scores[name] for label, scores in probabilities.items() if name in scores}
        figure.add_bar(
            x=list(rows.values()), y=list(rows), orientation="h", name=name.capitalize(), marker={"color": colour(name)},
            text=[f"{value:.3f}" if value >= 0.12 else "" for value in rows.values()], textangle=0, insidetextanchor="middle",
            hovertemplate=f"%{{y}}<br>{name.capitalize()}: %{{x:.4f}}<extra></extra>",
        )  # fmt: skip
    _mark_thresholds(figure, {label: value for label, value in thresholds.items() if value is not None})
    figure.update_layout(barmode="stack", bargap=0.35, legend_traceorder="normal", showlegend=True)
    figure.update_xaxes(title="Probability", range=[0, 1], showgrid=False)
    figure.update_yaxes(autorange="reversed", automargin=True)
    return style(figure, height=110 + 48 * len(probabilities))


def _mark_thresholds(figure: go.Figure, thresholds: Mapping[str, float]) -> None:
    if thresholds:
        marker = {"symbol": "line-ns", "size": 30, "line": {"width": 3, "color": NEUTRAL}}
        figure.add_scatter(
            x=list(thresholds.values()), y=list(thresholds), name="threshold", mode="markers", marker=marker,
            hovertemplate="%{y}<br>threshold %{x:.3f}<extra></extra>",
        )  # fmt: skip
