"""What each run says of one image: class probabilities and the threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from dashboard.figures.palette import INK, NEUTRAL, class_colour, style


def probabilities_figure(
    probabilities: Mapping[str, Mapping[str, float]],
    thresholds: Mapping[str, float | None],
    colour: Callable[[str], str] = class_colour,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    calibrated: Mapping[str, float] | None = None,
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
    intervals : mapping of str to (float, float), optional
        Run label to the smallest and largest probability of class 1 over copies of the image; drawn as a line.
    calibrated : mapping of str to float, optional
        Run label to the calibrated probability of class 1; drawn as a diamond.

    Returns
    -------
    Figure
        One bar trace for each class, and the traces ``threshold``, ``flips and shifts`` and ``calibrated``.
    """
    figure = go.Figure()
    firsts = dict.fromkeys(next(iter(scores)) for scores in probabilities.values())
    others = dict.fromkeys(name for scores in probabilities.values() for name in reversed(scores))
    for name in [*(other for other in others if other not in firsts), *firsts]:
        rows = {label: scores[name] for label, scores in probabilities.items() if name in scores}
        figure.add_bar(
            x=list(rows.values()), y=list(rows), orientation="h", name=name.capitalize(), marker={"color": colour(name)},
            text=[f"{value:.3f}" if value >= 0.12 else "" for value in rows.values()], textangle=0,
            insidetextanchor="end" if name in firsts else "start",  # away from the marks of the others
            hovertemplate=f"%{{y}}<br>{name.capitalize()}: %{{x:.4f}}<extra></extra>",
        )  # fmt: skip
    _mark_thresholds(figure, {label: value for label, value in thresholds.items() if value is not None})
    _mark_intervals(figure, intervals or {})
    _mark_calibrated(figure, calibrated or {})
    figure.update_layout(barmode="stack", bargap=0.35, legend_traceorder="normal", showlegend=True)
    figure.update_xaxes(title="Probability", range=[0, 1], showgrid=False)
    figure.update_yaxes(autorange="reversed", automargin=True)
    return style(figure, height=figure_height(len(probabilities)))


def figure_height(n_runs: int) -> int:
    """Height in pixels of the figure of so many runs."""
    return 110 + 48 * n_runs


def _mark_thresholds(figure: go.Figure, thresholds: Mapping[str, float]) -> None:
    if thresholds:
        marker = {"symbol": "line-ns", "size": 30, "line": {"width": 3, "color": NEUTRAL}}
        figure.add_scatter(
            x=list(thresholds.values()), y=list(thresholds), name="threshold", mode="markers", marker=marker,
            hovertemplate="%{y}<br>threshold %{x:.3f}<extra></extra>",
        )  # fmt: skip


def _mark_intervals(figure: go.Figure, intervals: Mapping[str, tuple[float, float]]) -> None:
    marker = {"symbol": "line-ns", "size": 12, "line": {"width": 2, "color": INK}}
    for label, (low, high) in intervals.items():
        figure.add_scatter(
            x=[low, high], y=[label, label], name="flips and shifts", showlegend=False,
            mode="lines+markers", line={"color": INK, "width": 2}, marker=marker,
            hovertemplate=f"{label}<br>{low:.3f} to {high:.3f} over flips and shifts<extra></extra>",
        )  # fmt: skip


def _mark_calibrated(figure: go.Figure, calibrated: Mapping[str, float]) -> None:
    if calibrated:
        marker = {"symbol": "diamond", "size": 12, "color": "#ffffff", "line": {"width": 2, "color": INK}}
        figure.add_scatter(
            x=list(calibrated.values()), y=list(calibrated), name="calibrated", mode="markers", marker=marker,
            hovertemplate="%{y}<br>calibrated %{x:.3f}<extra></extra>",
        )  # fmt: skip
