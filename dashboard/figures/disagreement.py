"""On how many images runs are all right, differ, or are all wrong."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.figures.palette import NEUTRAL, style

COLOURS = ("#7d8b99", "#2f86c9", "#b98300", "#009e73", "#b565a7", "#17a2b8", "#a05a3c", "#d55e00")


def disagreement_figure(counts: Mapping[str, int]) -> go.Figure:
    """Draw one bar, divided by who is right.

    Parameters
    ----------
    counts : mapping of str to int
        What a part is called, and its number of images; first all right, last all wrong.

    Returns
    -------
    Figure
        One trace for each part that holds images.
    """
    total = sum(counts.values())
    figure = go.Figure()
    parts = [(name, count) for name, count in counts.items() if count]
    for number, (name, count) in enumerate(parts):
        colour = COLOURS[0] if number == 0 else COLOURS[-1] if number == len(parts) - 1 else COLOURS[1 + (number - 1) % 6]
        figure.add_bar(
            x=[count], y=[""], orientation="h", name=f"{name}: {count:,}", marker={"color": colour}, text=f"{count:,}", textangle=0,
            insidetextanchor="middle", hovertemplate=f"{name}<br>{count:,} of {total:,} images ({count / total:.1%})<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.1, showlegend=True, legend_traceorder="normal")
    figure.update_xaxes(title=f"Images (n = {total:,})", color=NEUTRAL, showgrid=False)
    figure.update_yaxes(visible=False)
    return style(figure, height=150)
