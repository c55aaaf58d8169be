"""Groups of images: the share of a class in each with its interval, and each group's part of all images, by split."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, look

SYMBOLS = {"train": "circle", "val": "circle-open", "test": "diamond"}
NAMES = {"train": "Train", "val": "Validation", "test": "Test"}
OFFSETS = {"train": -0.2, "val": 0.0, "test": 0.2}
ROW, FRAME = 46, 110  # pixels


def groups_figure(shares: pd.DataFrame, labels: Sequence[str], class_name: str, colour: str) -> go.Figure:
    """Draw two panels with one line a group: the share of a class, and the mix.

    Parameters
    ----------
    shares : DataFrame
        ``place`` (0 for the line on top), ``split, share, low, high, n, n_group, mix``: of the class in the group's images of the split,
        with its interval, all in [0, 1], and the group's part of the images of the split.
    labels : sequence of str
        Of the lines, the top one first.
    class_name : str
        In the title of the first panel.
    colour : str

    Returns
    -------
    Figure
        For each split, a trace with error bars in the first panel and one in the second.
    """
    figure = go.Figure(layout=look(FRAME + ROW * len(labels)))
    for split in [name for name in SYMBOLS if name in set(shares["split"])]:
        part = shares[shares["split"] == split]
        y = part["place"] + OFFSETS[split]
        figure.add_traces([_shares(part, y, split, colour), _mix(part, y, split)])
    places = list(range(len(labels)))
    figure.update_layout(
        xaxis={"domain": [0, 0.6], "title": f"Share of {_short(class_name)} in the group, %", "range": [-2, 102], "zeroline": False},
        xaxis2={"domain": [0.66, 1], "title": "Part of all images, %", "rangemode": "tozero", "zeroline": False},
        yaxis={"tickvals": places, "ticktext": [_short(label) for label in labels], "range": [len(labels) - 0.5, -0.5], "zeroline": False},
    )
    return figure


def _shares(part: pd.DataFrame, y: pd.Series, split: str, colour: str) -> go.Scatter:
    error = {"type": "data", "symmetric": False, "array": 100 * (part["high"] - part["share"]), "thickness": 1.5, "width": 0,
             "arrayminus": 100 * (part["share"] - part["low"])}  # fmt: skip
    return go.Scatter(
        x=100 * part["share"], y=y, error_x=error, mode="markers", name=NAMES[split], legendgroup=split,
        marker={"color": colour, "symbol": SYMBOLS[split], "size": 9},
        customdata=pd.DataFrame({"low": 100 * part["low"], "high": 100 * part["high"], "n": part["n"], "n_group": part["n_group"]}),
        hovertemplate=f"{NAMES[split]}: %{{x:.1f}} % (%{{customdata[0]:.1f}}–%{{customdata[1]:.1f}})"
        "<br>%{customdata[2]:,} of %{customdata[3]:,} images<extra></extra>",
    )  # fmt: skip


def _mix(part: pd.DataFrame, y: pd.Series, split: str) -> go.Scatter:
    return go.Scatter(
        x=100 * part["mix"], y=y, mode="markers", name=NAMES[split], legendgroup=split, showlegend=False, xaxis="x2",
        marker={"color": NEUTRAL, "symbol": SYMBOLS[split], "size": 9}, customdata=part["n_group"],
        hovertemplate=f"{NAMES[split]}: %{{x:.1f}} % of its images (%{{customdata:,}})<extra></extra>",
    )  # fmt: skip


def _short(name: str) -> str:
    """A name that Plotly takes as text, not as the markup that it knows."""
    cut = name if len(name) <= 24 else f"{name[:23]}…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
