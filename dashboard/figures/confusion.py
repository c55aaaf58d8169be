"""A confusion matrix with counts and the share of each true class, and the difference of two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.palette import INK, look

# One hue, deep enough to tell shares apart and pale enough for dark ink (at least 5.5 : 1) on both themes.
SCALE = ((0.0, "#eef4fa"), (0.5, "#a6cbea"), (1.0, "#5b9fd6"))
# From worse to better, pale in the middle.
BETTER = ((0.0, "#e08a52"), (0.5, "#f1f3f5"), (1.0, "#6aa9dd"))


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
        A heatmap of row shares; each cell tells its count and share, that of a class without images its count alone.
    """
    totals = matrix.sum(axis=1, keepdims=True)
    shares = np.divide(matrix, totals, out=np.full(matrix.shape, np.nan), where=totals > 0)
    text = _texts(matrix.shape, lambda cell: _counted(int(matrix[cell]), float(shares[cell])))
    hover = "true: %{y}<br>called: %{x}<br>%{text} of the row<extra></extra>"
    return _heatmap(np.nan_to_num(shares), text, matrix, hover, class_names, SCALE, (0, 1))


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
    text = _texts(change.shape, lambda cell: f"<b>{_signed(change[cell], ',d')}</b><br>{_signed(points[cell], '.1f')} points")
    hover = "true: %{y}<br>called: %{x}<br>%{customdata[0]:+,d} images, %{customdata[1]:+.1f} points<extra></extra>"
    return _heatmap(better, text, np.dstack([change, points]), hover, class_names, BETTER, (-reach, reach))


def points_changed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Change in percentage points of each true class, of the matrices' shape; 0 for a class without images."""
    totals = first.sum(axis=1, keepdims=True)
    return 100 * np.divide(second - first, totals, out=np.zeros(first.shape), where=totals > 0)


def _heatmap(values, text, facts, hover: str, class_names: Sequence[str], scale, span: tuple[float, float]) -> go.Figure:
    names = [name.capitalize() for name in class_names]
    cells = {
        "z": values,
        "x": names,
        "y": names,
        "text": text,
        "texttemplate": "%{text}",
        "textfont": {"size": 15, "color": INK},
        "customdata": facts,
    }
    colours = {"colorscale": scale, "zmin": span[0], "zmax": span[1], "showscale": False, "xgap": 3, "ygap": 3}
    layout = look(120 + 80 * len(names))
    layout["margin"] = layout["margin"] | {"t": 8}
    layout["xaxis"] = {"title": {"text": "Called"}, "side": "bottom", "showgrid": False, "constrain": "domain"}
    layout["yaxis"] = {"title": {"text": "True"}, "autorange": "reversed", "showgrid": False, "tickangle": -90}
    return go.Figure(go.Heatmap(**cells, **colours, hovertemplate=hover, hoverongaps=False), layout)


def _texts(shape: tuple[int, int], write) -> list[list[str]]:
    return [[write((row, column)) for column in range(shape[1])] for row in range(shape[0])]


def _counted(count: int, share: float) -> str:
    return f"<b>{count:,}</b><br>{share:.1%}" if np.isfinite(share) else f"<b>{count:,}</b>"


def _signed(number, spec: str) -> str:
    return f"{number:+{spec}}".replace("-", "−") if round(float(number), 1) else "0"
