"""Detection error trade-off: missed cases over false alarms, both axes in normal deviates (Martin et al., Eurospeech 1997)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.special import ndtri

from core.figures.threshold_curves import Rates, curve_figure, operating_marker

TICKS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95)
EDGE = 0.0005  # rates of 0 and 1 lie at infinity; they are drawn here


def det_figure(curves: dict[str, pd.DataFrame], colours: dict[str, str], operating: Mapping[str, Rates] | None = None) -> go.Figure:
    """Draw the miss rate over the false-alarm rate of several runs.

    Parameters
    ----------
    curves : dict of str to DataFrame
        Run label to ``fpr, fnr, threshold``.
    colours : dict of str to str
    operating : mapping of str to mapping, optional
        ``sensitivity, specificity, threshold`` in use, by label.

    Returns
    -------
    Figure
        Coordinates are normal deviates of the rates; ticks and hover text tell the rates.
    """
    traces = []
    for label, points in curves.items():
        facts = np.column_stack([points["fnr"], points["fpr"], points["threshold"].clip(upper=1)])
        hover = f"{label}<br>missed %{{customdata[0]:.3f}}<br>false alarms %{{customdata[1]:.3f}}<br>threshold %{{customdata[2]:.3f}}"
        traces.append(
            go.Scatter(
                x=deviate(points["fpr"]), y=deviate(points["fnr"]), name=label, mode="lines", line={"color": colours[label], "width": 2.5},
                customdata=facts, hovertemplate=f"{hover}<extra></extra>",
            )
        )  # fmt: skip
    for label, rates in (operating or {}).items():
        missed, alarms = 1 - rates["sensitivity"], 1 - rates["specificity"]
        markers = operating_marker(label, float(deviate(alarms)), float(deviate(missed)), rates["threshold"], colours[label])
        hover = f"{label}<br>in use: missed {missed:.3f}, false alarms {alarms:.3f}<extra></extra>"
        traces += [trace.update(hovertemplate=hover) for trace in markers]
    ticks = [f"{100 * tick:g} %" for tick in TICKS]
    axis = {"tickvals": deviate(TICKS), "ticktext": ticks, "range": [deviate(EDGE) - 0.1, deviate(0.97)]}
    return curve_figure(traces, "False alarms among the healthy", "Missed cases", axis, axis)


def deviate(rate: float | Sequence[float] | pd.Series) -> np.ndarray:
    """The normal deviate of rates in [0, 1], finite also at both ends."""
    return ndtri(np.clip(np.asarray(rate, dtype=float), EDGE, 1 - EDGE))
