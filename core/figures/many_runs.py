"""Many runs in one figure: letters instead of names in the legend, and one run in focus, so that curves do not tangle."""

from __future__ import annotations

from collections.abc import Collection

import plotly.graph_objects as go

FADED = 0.12
FEW = 3  # runs whose full names a legend has room for, on a phone too


def abridge(figure: go.Figure, labels: Collection[str], focus: str | None = None, few: int = FEW) -> go.Figure:
    """Shorten the legend of a figure of many runs, and fade all but one run.

    Parameters
    ----------
    figure : Figure
        Traces named after a run start with its label, such as ``[A] CNN_1, scaled``.
    labels : collection of str
        Of the runs, each beginning with its letter.
    focus : str, optional
        The label of the run to see; None for all.
    few : int
        Of more runs than these the legend has the letters alone.

    Returns
    -------
    Figure
        The same object.
    """
    for trace in figure.data:
        label = next((label for label in labels if (trace.name or "").startswith(label)), None)
        if label is None:
            continue
        if focus not in (None, label):
            trace.update(opacity=FADED)
        if len(labels) > few:
            trace.update(name=trace.name.replace(label, label.split()[0], 1))
    return figure
