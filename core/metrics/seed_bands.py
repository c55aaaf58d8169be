"""Curves of the seeds of one recipe as their mean with the range between the lowest and the highest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

GRID = np.linspace(0, 1, 401)


def mean_roc(curves: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """ROC curves averaged vertically: the mean sensitivity at each share of false alarms.

    Parameters
    ----------
    curves : sequence of DataFrame
        ``fpr, tpr, threshold`` as `core.metrics.curves.roc_points` gives them; empty ones are left out.

    Returns
    -------
    DataFrame
        ``fpr, tpr, tpr_low, tpr_high``, in [0, 1]: mean, minimum and maximum over the curves; empty without any.

    References
    ----------
    Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006) 861, section 7.1, algorithm 3.
    """
    drawn = [curve for curve in curves if len(curve)]
    if not drawn:
        return pd.DataFrame(columns=["fpr", "tpr", "tpr_low", "tpr_high"], dtype=float)
    heights = np.stack([_height(curve) for curve in drawn])
    table = pd.DataFrame({"fpr": GRID, "tpr": heights.mean(axis=0), "tpr_low": heights.min(axis=0), "tpr_high": heights.max(axis=0)})
    start = pd.DataFrame([dict.fromkeys(table, 0.0)])  # every curve begins where nothing is called
    return pd.concat([start, table], ignore_index=True)


def mean_history(histories: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Training histories averaged epoch by epoch, over the runs that got so far.

    Parameters
    ----------
    histories : iterable of DataFrame
        ``epoch, <metric>…``, one row an epoch.

    Returns
    -------
    DataFrame
        ``epoch, n_runs``, and for each metric its mean under its own name, and ``<metric>_low``, ``<metric>_high``.
    """
    every = [history for history in histories if len(history)]
    if not every:
        return pd.DataFrame(columns=["epoch", "n_runs"])
    by_epoch = pd.concat(every, ignore_index=True).replace([np.inf, -np.inf], np.nan).groupby("epoch")
    parts = [by_epoch.size().rename("n_runs"), by_epoch.mean(), by_epoch.min().add_suffix("_low"), by_epoch.max().add_suffix("_high")]
    return pd.concat(parts, axis=1).reset_index()


def _height(curve: pd.DataFrame) -> np.ndarray:
    """Sensitivity on the grid; where a curve rises straight up, its upper end."""
    return np.interp(GRID, curve["fpr"], curve["tpr"])  # of points at one place it takes the last, which is the highest
