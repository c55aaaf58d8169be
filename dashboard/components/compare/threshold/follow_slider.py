"""What the page shows at every position of a slider, sent once: the browser puts it in place while the slider moves.

The server's answer follows, with what takes it longer: intervals that need a bootstrap, paired tests, curves and images.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from core.metrics.evaluation import Evaluation
from core.metrics.operating_point import Match
from core.metrics.threshold_sweep import matched_thresholds, sweep
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.confusion.confusion_matrix import matrix_cells
from dashboard.components.compare.runs.run_legend import threshold_cells
from dashboard.components.compare.tables.metrics_table import best_cells, metric_cells
from dashboard.components.compare.threshold.operating_point import SENSITIVITIES, THRESHOLDS
from dashboard.components.compare.threshold.threshold_counts import count_cells

_follower = st.components.v2.component("pneumolens_sweep", js=Path(__file__).with_suffix(".js").read_text("utf-8"), isolate_styles=False)


def follow_slider(comparison: Comparison, key: str, difference: bool) -> None:
    """Let the figures on the page follow the slider under this key at once; nothing where the point has no slider.

    Parameters
    ----------
    comparison : Comparison
    key : str
        Of the operating point.
    difference : bool
        Whether the confusion matrices are shown as differences.
    """
    if comparison.position is None:
        return
    slider = SENSITIVITIES if isinstance(comparison.point, Match) else THRESHOLDS
    cells = _cells(comparison.sweep_key, difference, comparison)
    place = {"slider": f".st-key-{slider.key(key)}", "first": slider.low, "step": slider.step}
    _follower(key="compare_sweep", data={"sweep": comparison.sweep_key, "cells": cells} | place)


def cells_of(evaluations: dict[str, Evaluation], difference: bool) -> dict[str, str]:
    """The text of every number that follows the threshold."""
    found = list(evaluations.values())
    return (
        threshold_cells(found)
        | count_cells(found)
        | metric_cells(found, to_come=True)
        | best_cells(found)
        | matrix_cells(found, difference)
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _cells(sweep_key: str, difference: bool, _comparison: Comparison) -> dict[str, list[str]]:
    """By name of a cell, its text at each position."""
    panel = _comparison.panel
    if isinstance(_comparison.point, Match):
        thresholds = matched_thresholds(panel, [value / 100 for value in SENSITIVITIES.values])
    else:
        thresholds = np.repeat(np.array(THRESHOLDS.values)[:, None], len(panel.names), axis=1)
    positions = [cells_of(evaluations, difference) for evaluations in sweep(panel, thresholds)]
    return {name: [cells[name] for cells in positions] for name in positions[0]}
