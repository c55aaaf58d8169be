"""Learning curves: one metric over the epochs of one or several runs."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.palette import run_colours, style

METRIC_TITLES = {"loss": "Loss", "accuracy": "Accuracy", "learning_rate": "Learning rate", "seconds": "Seconds an epoch"}


def history_figure(histories: dict[str, pd.DataFrame], metric: str, colours: dict[str, str] | None = None) -> go.Figure:
    """Draw one metric of several runs: training dashed, validation solid, the kept epoch ringed.

    Parameters
    ----------
    histories : dict of str to DataFrame
        What the legend calls the run, and its ``epoch, <metric>, val_<metric>…``, one row an epoch. A table without the
        metric draws nothing. A single run may go without a name, ``""``.
    metric : str
        Such as ``loss`` or ``accuracy``.
    colours : dict of str to str, optional
        A colour for each key; by name if None.

    Returns
    -------
    Figure
        Traces named ``<run>`` (validation), ``<run>, training`` and ``<run>, kept``; ``Validation``, ``Training`` and
        ``Kept`` without a name.
    """
    colours = colours or run_colours(list(histories))
    figure = go.Figure()
    for name, history in histories.items():
        for trace in _curves(name, history, metric, colours[name]):
            figure.add_trace(trace)
    title = METRIC_TITLES.get(metric, metric.replace("_", " ").capitalize())
    figure.update_xaxes(title="Epoch", tickformat="d", dtick=_tick_step(histories), rangemode="normal")
    figure.update_yaxes(title=title)
    return style(figure)


def best_epoch(history: pd.DataFrame) -> int | None:
    """The epoch whose model a run keeps, that of the smallest validation loss; None before the first."""
    losses = history.get("val_loss")
    if losses is None or losses.isna().all():
        return None
    return int(history.loc[losses.idxmin(), "epoch"])


def _curves(name: str, history: pd.DataFrame, metric: str, colour: str) -> list[go.Scatter]:
    curves = []
    for column, suffix, dash, width in ((f"val_{metric}", "", "solid", 2.5), (metric, "training", "dash", 1.5)):
        if column in history:
            line = {"color": colour, "dash": dash, "width": width}
            hover = f"{_named(name, suffix or 'validation')}<br>epoch %{{x}}: %{{y:.4g}}<extra></extra>"
            # A single epoch is a point, which a line alone would not show.
            mode = "lines" if len(history) > 1 else "markers"
            curves.append(
                go.Scatter(
                    x=history["epoch"], y=history[column], name=_named(name, suffix), mode=mode, line=line,
                    marker={"color": colour, "symbol": "circle" if not suffix else "circle-open"},
                    legendgroup=name, hovertemplate=hover,
                )
            )  # fmt: skip
    kept = best_epoch(history)
    if kept is not None and f"val_{metric}" in history:
        value = history.loc[history["epoch"] == kept, f"val_{metric}"].iloc[0]
        hover = f"{_named(name, 'kept')}: epoch {kept}, the smallest validation loss<extra></extra>"
        ring = {"size": 13, "symbol": "circle-open", "color": colour, "line": {"width": 2.5}}
        curves.append(
            go.Scatter(
                x=[kept], y=[value], name=_named(name, "kept"), mode="markers", marker=ring, legendgroup=name, showlegend=False,
                hovertemplate=hover,
            )
        )  # fmt: skip
    return curves


def _named(name: str, suffix: str) -> str:
    return ", ".join(part for part in (name, suffix) if part) if name else (suffix or "validation").capitalize()


def _tick_step(histories: dict[str, pd.DataFrame]) -> int:
    """Whole epochs, at most about ten ticks."""
    longest = max((int(history["epoch"].max()) for history in histories.values() if len(history)), default=1)
    return max(1, -(-longest // 10))
