"""Mean pictures, their difference, and how their grey levels and sizes are spread."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import class_colours, style, translucent
from dashboard.figures.labels import short

BIN = 4  # grey levels


def mean_picture(mean: np.ndarray, name: str) -> go.Figure:
    """A mean picture (height, width) of grey levels, read out by hovering."""
    return _picture(go.Heatmap(z=mean.round(1), zmin=0, zmax=255, colorscale="gray", showscale=False), f"{short(name)}: %{{z:.0f}}")


def mean_difference(difference: np.ndarray, name: str, other: str) -> go.Figure:
    """One mean picture less another (height, width), in grey levels: red where the first is brighter, blue where the second is."""
    limit = max(float(np.abs(difference).max()), 1.0)
    bar = {"title": "grey levels", "thickness": 10, "len": 0.9}
    heatmap = go.Heatmap(z=difference.round(1), zmin=-limit, zmax=limit, colorscale="RdBu_r", colorbar=bar)
    return _picture(heatmap, f"{short(name)} − {short(other)}: %{{z:+.0f}}")


def grey_levels(histograms: Mapping[str, np.ndarray]) -> go.Figure:
    """Share of the pixels by grey level, a line a class.

    Parameters
    ----------
    histograms : dict of str to ndarray of shape (256,)
        Pixels of each grey level.
    """
    figure, colours = go.Figure(), class_colours(list(histograms))
    middle = np.arange(0, 256, BIN) + (BIN - 1) / 2
    for name, histogram in histograms.items():
        share = 100 * histogram.reshape(-1, BIN).sum(axis=1) / max(histogram.sum(), 1)
        hover = f"{short(name)}, grey level %{{x:.0f}}: %{{y:.1f}} % of pixels<extra></extra>"
        line = {"color": colours[name], "width": 2}
        figure.add_scatter(x=middle, y=share, name=short(name), mode="lines", line=line, hovertemplate=hover)
    figure.update_xaxes(title="Grey level", range=[0, 255])
    figure.update_yaxes(title="Pixels (%)", rangemode="tozero")
    return style(figure)


def brightness(values: Mapping[str, np.ndarray], title: str) -> go.Figure:
    """How a number is spread over the images of each class, in percent of the class; counted here, so a million images draw as fast.

    Parameters
    ----------
    values : dict of str to ndarray
        One number an image.
    title : str
        Of the axis.
    """
    figure, colours = go.Figure(), class_colours(list(values))
    every = np.concatenate([np.asarray(part, dtype=float) for part in values.values()])
    edges = np.histogram_bin_edges(every[np.isfinite(every)], bins=48)
    middle = (edges[1:] + edges[:-1]) / 2
    for name, part in values.items():
        counts = np.histogram(part, edges)[0]
        hover = f"{short(name)}, %{{x:.0f}}: %{{y:.1f}} % of images<extra></extra>"
        figure.add_scatter(
            x=middle, y=100 * counts / max(counts.sum(), 1), name=short(name), mode="lines", fill="tozeroy", hovertemplate=hover,
            line={"color": colours[name], "width": 2, "shape": "hvh"}, fillcolor=translucent(colours[name], 0.15),
        )  # fmt: skip
    figure.update_xaxes(title=title)
    figure.update_yaxes(title="Images (%)", rangemode="tozero")
    return style(figure)


def sizes(cells: pd.DataFrame) -> go.Figure:
    """Widths and heights, a dot a cell, as large as the images in it are many.

    Parameters
    ----------
    cells : DataFrame
        ``label, width, height, n``: the middle of a cell in pixels, and its images.
    """
    labels = list(dict.fromkeys(cells["label"]))
    figure, colours = go.Figure(), class_colours(labels)
    largest = max(int(cells["n"].max()), 1)
    for name in labels:
        part = cells[cells["label"] == name]
        figure.add_scatter(
            x=part["width"], y=part["height"], mode="markers", name=short(name), customdata=part["n"],
            marker={"color": translucent(colours[name], 0.55), "size": 5 + 22 * np.sqrt(part["n"] / largest), "line": {"width": 0}},
            hovertemplate=f"{short(name)}, about %{{x:,}} × %{{y:,}} px: %{{customdata:,}} images<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="Width (px)", rangemode="tozero")
    figure.update_yaxes(title="Height (px)", rangemode="tozero")
    return style(figure, height=380)


def _picture(heatmap: go.Heatmap, hover: str) -> go.Figure:
    figure = go.Figure(heatmap.update(hovertemplate=f"{hover}<extra></extra>"))
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, autorange="reversed", scaleanchor="x", constrain="domain")
    return style(figure, height=300).update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4})
