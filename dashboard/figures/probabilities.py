"""What each run says of one image: its score on an axis from 0 to 1, with threshold and range."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, class_colour, style, translucent

BAND = 0.13  # half the height of the strip behind a score, in rows
ALPHA = 0.22
MARKS = "Dot: score. Line: lowest to highest over the flips and shifts. Upright bar: threshold. Diamond: calibrated."


def probabilities_figure(
    probabilities: Mapping[str, Mapping[str, float]],
    thresholds: Mapping[str, float | None],
    colour: Callable[[str], str] = class_colour,
    intervals: Mapping[str, tuple[float, float]] | None = None,
    calibrated: Mapping[str, float] | None = None,
) -> go.Figure:
    """Draw a row for each run: a dot at its score, the range round it, and the threshold that parts the two classes.

    Parameters
    ----------
    probabilities : mapping of str to mapping
        Run label to class name to probability, the healthy class first.
    thresholds : mapping of str to float or None
        Run label to the threshold on class 1; None for more than two classes, which get a dot for each class.
    colour : callable of (str) to str
        A class's colour.
    intervals : mapping of str to (float, float), optional
        Run label to the smallest and largest probability over copies of the image, of class 1 or of the class called.
    calibrated : mapping of str to float, optional
        Run label to the calibrated probability of class 1; drawn as a diamond.

    Returns
    -------
    Figure
        Traces ``flips and shifts`` and ``score`` for each run, then ``threshold`` and ``calibrated``.
    """
    figure, rows = go.Figure(), {label: row for row, label in enumerate(probabilities)}
    for label, scores in probabilities.items():
        if thresholds.get(label) is not None:
            _sides(figure, rows[label], thresholds[label], [colour(name) for name in scores])
        if label in (intervals or {}):
            _range(figure, label, rows[label], intervals[label])
        _dots(figure, label, rows[label], scores, thresholds.get(label), colour)
    _marks(figure, "threshold", rows, thresholds, {"symbol": "line-ns", "size": 24, "line": {"width": 3, "color": NEUTRAL}})
    _marks(figure, "calibrated", rows, calibrated or {}, {"symbol": "diamond-open", "size": 11, "color": NEUTRAL, "line": {"width": 2}})
    for label, row in rows.items():
        figure.add_annotation(x=0, y=row - 0.36, text=label, showarrow=False, xanchor="left", yanchor="middle", font={"size": 12})
    figure.update_xaxes(
        title={"text": _axis(probabilities, thresholds), "standoff": 4}, range=[-0.02, 1.02], showgrid=False, zeroline=False
    )
    figure.update_yaxes(range=[len(rows) - 0.6, -0.55], visible=False, fixedrange=True)
    style(figure, height=figure_height(len(rows)))
    return figure.update_layout(showlegend=False, margin={"l": 8, "r": 8, "t": 4, "b": 8})


def figure_height(n_runs: int) -> int:
    """Height in pixels of the figure of so many runs."""
    return 66 + (54 if n_runs == 1 else 41) * n_runs  # several stand closer, so that they fit beside their maps


def _axis(probabilities: Mapping[str, Mapping[str, float]], thresholds: Mapping[str, float | None]) -> str:
    """What the axis shows: the probability of the one class that all dots stand for, if there is one."""
    named = {list(scores)[1] if thresholds.get(label) is not None else "" for label, scores in probabilities.items()}
    (only,) = named if len(named) == 1 else ("",)
    return f"Probability of {only}" if only else "Probability of a class"


def _sides(figure: go.Figure, row: int, threshold: float, colours: list[str]) -> None:
    """A strip in the colours of the two calls, parted by the threshold."""
    for (left, right), fill in zip(((0.0, threshold), (threshold, 1.0)), colours, strict=True):
        figure.add_shape(
            type="rect", x0=left, x1=right, y0=row - BAND, y1=row + BAND, fillcolor=translucent(fill, ALPHA), line_width=0, layer="below"
        )


def _range(figure: go.Figure, label: str, row: int, ends: tuple[float, float]) -> None:
    figure.add_scatter(
        x=list(ends), y=[row, row], name="flips and shifts", mode="lines", line={"color": NEUTRAL, "width": 4},
        hovertemplate=f"{label}<br>{ends[0]:.3f} to {ends[1]:.3f} over flips and shifts<extra></extra>",
    )  # fmt: skip


def _dots(figure: go.Figure, label: str, row: int, scores: Mapping[str, float], threshold: float | None, colour: Callable) -> None:
    """One dot, coloured as the call, for two classes; else one for each class, in its colour."""
    names = list(scores)
    shown = names if threshold is None else names[1:]
    called = names[scores[names[1]] >= threshold] if threshold is not None else ""
    figure.add_scatter(
        x=[scores[name] for name in shown], y=[row] * len(shown), name="score", mode="markers", customdata=shown,
        marker={"size": 15, "color": [colour(called or name) for name in shown], "line": {"width": 1.5, "color": "#ffffff"}},
        hovertemplate=f"{label}<br>%{{customdata}}: %{{x:.4f}}<extra></extra>",
    )  # fmt: skip


def _marks(figure: go.Figure, name: str, rows: Mapping[str, int], values: Mapping[str, float | None], marker: dict) -> None:
    known = {label: value for label, value in values.items() if value is not None}
    if known:
        figure.add_scatter(
            x=list(known.values()), y=[rows[label] for label in known], name=name, mode="markers", marker=marker, customdata=list(known),
            hovertemplate=f"%{{customdata}}<br>{name} %{{x:.3f}}<extra></extra>",
        )  # fmt: skip
