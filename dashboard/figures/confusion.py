"""A confusion matrix with counts and the share of each true class, and the difference of two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.palette import style

# One hue from pale to deep: the cell's own text colour is chosen against it, so both themes read alike.
SCALE = ((0.0, "#eaf1f8"), (0.5, "#86b4dc"), (1.0, "#0f4f8c"))
DARK_FROM = 0.75
# From worse to better; pale in the middle, so that the ink of the numbers stays readable.
BETTER = ((0.0, "#e08a52"), (0.5, "#f1f3f5"), (1.0, "#6aa9dd"))
INK = "#16212c"


def confusion_figure(matrix: np.ndarray, class_names: Sequence[str]) -> go.Figure:
    """Draw a confusion matrix.

    Parameters
    ----------
    matrix : ndarray of shape (n_classes, n_classes), int
        Rows are true classes, columns predicted.
    class_names : sequence of str

    Returns
    -------
    Figure
        A heatmap of row shares; each cell tells its count and share. A class without images has empty shares.
    """
    totals = matrix.sum(axis=1, keepdims=True)
    shares = np.divide(matrix, totals, out=np.full(matrix.shape, np.nan), where=totals > 0)
    names = [name.capitalize() for name in class_names]
    figure = go.Figure(
        go.Heatmap(
            z=shares, x=names, y=names, customdata=matrix, colorscale=SCALE, zmin=0, zmax=1, showscale=False, xgap=3, ygap=3,
            hovertemplate="true: %{y}<br>called: %{x}<br>%{customdata} images, %{z:.1%} of the row<extra></extra>",
        )
    )  # fmt: skip
    for row, column in np.ndindex(matrix.shape):
        _write_cell(figure, names[column], names[row], int(matrix[row, column]), float(shares[row, column]))
    return _lay_out(figure, len(names))


def confusion_difference_figure(first: np.ndarray, second: np.ndarray, class_names: Sequence[str], reach: float | None = None) -> go.Figure:
    """Draw a second confusion matrix minus a first one on the same images.

    Parameters
    ----------
    first, second : ndarray of shape (n_classes, n_classes), int
        Rows are true classes, columns predicted.
    class_names : sequence of str
    reach : float, optional
        Percentage points that get the fullest colour, the same for figures side by side; the largest change if None.

    Returns
    -------
    Figure
        A heatmap of what the second does better: more on the diagonal, fewer off it, in shares of the true class. Each cell
        tells the change in images and in percentage points.
    """
    change, points = second - first, points_changed(first, second)
    better = points * np.where(np.eye(len(change), dtype=bool), 1, -1)
    reach = max(reach or float(np.abs(points).max(initial=0)), 1e-9)
    names = [name.capitalize() for name in class_names]
    figure = go.Figure(
        go.Heatmap(
            z=better, x=names, y=names, customdata=np.dstack([change, points]), colorscale=BETTER, zmin=-reach, zmax=reach, showscale=False,
            xgap=3, ygap=3,
            hovertemplate="true: %{y}<br>called: %{x}<br>%{customdata[0]:+,d} images, %{customdata[1]:+.1f} points<extra></extra>",
        )
    )  # fmt: skip
    for row, column in np.ndindex(change.shape):
        text = f"<b>{_signed(change[row, column], ',d')}</b><br>{_signed(points[row, column], '.1f')} points"
        figure.add_annotation(x=names[column], y=names[row], text=text, showarrow=False, font={"size": 15, "color": INK})
    return _lay_out(figure, len(names))


def points_changed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Change in percentage points of each true class, of the matrices' shape; 0 for a class without images."""
    totals = first.sum(axis=1, keepdims=True)
    return 100 * np.divide(second - first, totals, out=np.zeros(first.shape), where=totals > 0)


def _lay_out(figure: go.Figure, n_classes: int) -> go.Figure:
    figure.update_xaxes(title="Called", side="bottom", showgrid=False, constrain="domain")
    figure.update_yaxes(title="True", autorange="reversed", showgrid=False, tickangle=-90)
    return style(figure, height=120 + 80 * n_classes).update_layout(margin_t=8)


def _signed(number, spec: str) -> str:
    return f"{number:+{spec}}".replace("-", "−") if round(float(number), 1) else "0"


def _write_cell(figure: go.Figure, x: str, y: str, count: int, share: float) -> None:
    text = f"<b>{count:,}</b><br>{share:.1%}" if np.isfinite(share) else f"<b>{count:,}</b>"
    colour = "#ffffff" if share >= DARK_FROM else INK
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, font={"size": 15, "color": colour})
