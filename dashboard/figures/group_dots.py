"""A metric in each group of films: a dot with its interval for each run, groups below each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.figures.palette import style

Point = tuple[float, float, float, int]  # value, low, high, films counted


def group_dots(
    groups: Sequence[str],
    runs: Mapping[str, Sequence[Point | None]],
    colours: Mapping[str, str],
    metric: str,
    all_films: Mapping[str, float],
) -> go.Figure:
    """Draw the groups from top to bottom.

    Parameters
    ----------
    groups : sequence of str
        What each is called, its films among it.
    runs : mapping of str to sequence of tuple or None
        By label, for each group value, ends of the interval and films; None where they are too few.
    colours : mapping of str to str
        By label.
    metric : str
    all_films : mapping of str to float
        By label, the value over all films, a thin line.

    Returns
    -------
    Figure
        A trace for each run; the name of a group stands above its dots, so that a narrow screen is left to the values.
    """
    figure, n_runs = go.Figure(), max(len(runs), 1)
    step = 0.5 / n_runs
    for number, (label, points) in enumerate(runs.items()):
        shown = [(place + (number - (n_runs - 1) / 2) * step, *point) for place, point in enumerate(points) if point is not None]
        y, x, low, high, n = zip(*shown, strict=True) if shown else ((), (), (), (), ())
        figure.add_scatter(
            x=x, y=y, name=label, mode="markers", marker={"color": colours[label], "size": 9},
            customdata=list(zip(low, high, n, strict=True)),
            error_x={"type": "data", "symmetric": False, "array": [b - a for a, b in zip(x, high, strict=True)],
                     "arrayminus": [a - b for a, b in zip(x, low, strict=True)], "color": colours[label], "thickness": 1.5, "width": 3},
            hovertemplate=f"{label}<br>{metric} %{{x:.3f}} (%{{customdata[0]:.3f}}–%{{customdata[1]:.3f}}), n = %{{customdata[2]:,}}"
            "<extra></extra>",
        )  # fmt: skip
        if all_films.get(label) == all_films.get(label) is not None:
            figure.add_vline(x=all_films[label], line={"color": colours[label], "width": 1, "dash": "dot"})
    for place, (name, *points) in enumerate(zip(groups, *runs.values(), strict=True)):
        said = name if any(points) else f"{name} (too few)"
        figure.add_annotation(text=said, x=0, xref="paper", xanchor="left", y=place - 0.34, yanchor="middle", showarrow=False)
    figure.update_yaxes(range=[len(groups) - 0.4, -0.6], showticklabels=False, zeroline=False, showgrid=False)
    figure.update_xaxes(title=metric)
    return style(figure, height=110 + (34 + 16 * n_runs) * len(groups))
