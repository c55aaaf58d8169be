"""Learning curves: one metric over the epochs of one or several runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.band import band
from core.figures.palette import run_colours, style

METRIC_TITLES = {"loss": "Loss", "accuracy": "Accuracy", "learning_rate": "Learning rate", "seconds": "Seconds an epoch"}
SPLITS = ("validation", "training")


def history_figure(
    histories: dict[str, pd.DataFrame],
    metric: str,
    colours: dict[str, str] | None = None,
    *,
    splits: Collection[str] = SPLITS,
    smoothing: float = 0.0,
    kept: Mapping[str, int] | None = None,
) -> go.Figure:
    """Draw one metric of several runs: training dashed, validation solid, the kept epoch ringed.

    Parameters
    ----------
    histories : dict of str to DataFrame
        What the legend calls the run, and its ``epoch, <metric>, val_<metric>…``, one row an epoch. A table without the
        metric draws nothing; one with ``val_<metric>_low`` and ``val_<metric>_high``, of several seeds, gets a band. A single run may
        go without a name, ``""``.
    metric : str
        Such as ``loss`` or ``accuracy``.
    colours : dict of str to str, optional
        A colour for each key; by name if None.
    splits : collection of str
        Which of ``validation`` and ``training`` to draw.
    smoothing : float
        Weight of the past in an exponential moving average, in [0, 1); 0 draws the values as they are, more draws these faintly
        behind.
    kept : mapping of str to int, optional
        The epoch whose model a run kept, by key; that of the smallest validation loss where it is not told.

    Returns
    -------
    Figure
        Traces named ``<run>`` (validation), ``<run>, training`` and ``<run>, kept``; ``Validation``, ``Training`` and
        ``Kept`` without a name.
    """
    colours = colours or run_colours(list(histories))
    histories = {name: history.replace([np.inf, -np.inf], np.nan) for name, history in histories.items()}  # a training that diverged
    figure = go.Figure()
    for name, history in histories.items():
        for split in splits:
            for trace in _curve(name, history, metric, split, colours[name], smoothing):
                figure.add_trace(trace)
        epoch = (kept or {}).get(name) or best_epoch(history)
        if "n_runs" in history:  # a mean of runs, each of which kept another epoch
            continue
        if epoch is not None and "validation" in splits and f"val_{metric}" in history:
            figure.add_trace(_ring(name, history, f"val_{metric}", epoch, colours[name]))
    title = METRIC_TITLES.get(metric, metric.replace("_", " ").capitalize())
    figure.update_xaxes(title="Epoch", tickformat="d", dtick=_tick_step(histories), rangemode="normal")
    figure.update_yaxes(title=title)
    return style(figure)


def best_epoch(history: pd.DataFrame) -> int | None:
    """The epoch whose model a run keeps: that of the smallest validation loss.

    Parameters
    ----------
    history : DataFrame
        As in ``history.csv``, one row an epoch.

    Returns
    -------
    int or None
        None before the first epoch.
    """
    losses = history.get("val_loss")
    if losses is None or losses.isna().all():
        return None
    return int(history.loc[losses.idxmin(), "epoch"])


def _curve(name: str, history: pd.DataFrame, metric: str, split: str, colour: str, smoothing: float) -> list[go.Scatter]:
    validation = split == "validation"
    column = f"val_{metric}" if validation else metric
    if column not in history:
        return []
    title = _named(name, "" if validation else split)
    # A single epoch is a point, which a line alone would not show.
    common = {"x": history["epoch"], "mode": "lines" if len(history) > 1 else "markers", "legendgroup": name}
    line = {"color": colour, "dash": "solid" if validation else "dash", "width": 2.5 if validation else 1.5}
    marker = {"color": colour, "symbol": "circle" if validation else "circle-open"}
    hover = f"{_named(name, split)}{', smoothed' if smoothing else ''}<br>epoch %{{x}}: %{{y:.4g}}<extra></extra>"
    values = history[column].ewm(alpha=1 - smoothing).mean() if smoothing else history[column]
    drawn = []
    if validation and not smoothing and f"{column}_low" in history:
        drawn = band(history["epoch"], history[f"{column}_low"], history[f"{column}_high"], colour, name)
    drawn.append(go.Scatter(**common, y=values, name=title, line=line, marker=marker, hovertemplate=hover))
    if smoothing:
        faint = {"opacity": 0.3, "showlegend": False, "hoverinfo": "skip"}
        drawn.append(go.Scatter(**common, **faint, y=history[column], name=f"{title}, as it was", line=line | {"width": 1}))
    return drawn


def _ring(name: str, history: pd.DataFrame, column: str, epoch: int, colour: str) -> go.Scatter:
    """A circle around the epoch whose model was kept, on the values as they were."""
    marker = {"size": 13, "symbol": "circle-open", "color": colour, "line": {"width": 2.5}}
    return go.Scatter(
        x=[epoch], y=history.loc[history["epoch"] == epoch, column], name=_named(name, "kept"), mode="markers", marker=marker,
        legendgroup=name, showlegend=False, hovertemplate=f"{_named(name, 'kept')}: epoch {epoch}<extra></extra>",
    )  # fmt: skip


def _named(name: str, suffix: str) -> str:
    return ", ".join(part for part in (name, suffix) if part) if name else (suffix or "validation").capitalize()


def _tick_step(histories: dict[str, pd.DataFrame]) -> int:
    """Whole epochs, at most about ten ticks."""
    last = [history["epoch"].max() for history in histories.values()]
    longest = max((int(epoch) for epoch in last if pd.notna(epoch)), default=1)
    return max(1, -(-longest // 10))
