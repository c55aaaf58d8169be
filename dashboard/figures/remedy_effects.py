"""What each remedy changed, a dot with its interval for each set of images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.figures.palette import NEUTRAL, style

MARKS = {
    "Validation": ("circle-open", "#2f86c9"),
    "Worst group of validation": ("diamond", "#b98300"),
    "Test": ("circle", "#d55e00"),
}

ENDS = "(%{customdata[1]:+.1f} to %{customdata[2]:+.1f})"


def effects_figure(remedies: Sequence[str], found: Mapping[str, Mapping[str, tuple[float, float, float]]]) -> go.Figure:
    """Draw a row for each remedy and in it a mark for each set of images.

    Parameters
    ----------
    remedies : sequence of str
        Their titles, from top to bottom.
    found : mapping of str to mapping
        A key of `MARKS` to title to difference, lower and upper end, as fractions.

    Returns
    -------
    Figure
        One trace for each set of images; 0 is marked.
    """
    figure = go.Figure()
    spread = 0.22
    for number, (where, rows) in enumerate(found.items()):
        symbol, colour = MARKS[where]
        shown = [(place, title, rows[title]) for place, title in enumerate(remedies) if title in rows]
        figure.add_scatter(
            x=[100 * value for _, _, (value, _, _) in shown],
            y=[place + spread * (number - (len(found) - 1) / 2) for place, _, _ in shown],
            error_x={
                "array": [100 * (high - value) for _, _, (value, _, high) in shown],
                "arrayminus": [100 * (value - low) for _, _, (value, low, _) in shown],
                "color": colour, "thickness": 2, "width": 0,
            },
            mode="markers", name=where, customdata=[(title, 100 * low, 100 * high) for _, title, (_, low, high) in shown],
            marker={"symbol": symbol, "size": 10, "color": colour, "line": {"width": 2, "color": colour}},
            hovertemplate=f"%{{customdata[0]}}<br>{where}: %{{x:+.1f}} points {ENDS}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": NEUTRAL, "dash": "dot", "width": 2})
    figure.update_xaxes(title="Difference to no remedy, percentage points", zeroline=False)
    ticks = {"tickmode": "array", "tickvals": list(range(len(remedies))), "ticktext": list(remedies)}
    figure.update_yaxes(**ticks, range=[len(remedies) - 0.5, -0.5], showgrid=False, zeroline=False, automargin=True)
    return style(figure, height=130 + 52 * len(remedies))
