"""Learning curves of the chosen runs: which split, how smooth."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.figures.history import SPLITS, history_figure
from core.figures.many_runs import abridge
from core.metrics.seed_bands import mean_history
from core.runs.run import Run
from dashboard.components.compare.curves.seeds import ask_together, first_of, merged
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset

STILL = {"displayModeBar": False}
SHOWN = {"Both": SPLITS, "Validation": ("validation",), "Training": ("training",)}


def show_learning(runs: Mapping[str, Run], colours: Mapping[str, str], key: str, focus: str | None = None) -> None:
    """Loss and accuracy by epoch."""
    tables = histories(runs)
    if not any(len(table) for table in tables.values()):
        st.info("No run here has a record of its training.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preset(f"{key}_split", SHOWN, "Both")
        split = st.segmented_control("Split", list(SHOWN), key=f"{key}_split", required=True, bind="query-params")
        smoothing = st.slider("Smoothing", 0.0, 0.9, 0.0, 0.1, key=f"{key}_smoothing", width=220, bind="query-params")
        groups = ask_together("compare_seeds", runs)
    tables, colours = merged(tables, groups, mean_history), first_of(colours, groups)
    kept = {label: run.card.best_epoch for label, run in runs.items() if run.card.best_epoch}
    for column, metric in zip(st.columns(2), ("loss", "accuracy"), strict=True):
        figure = history_figure(tables, metric, colours, splits=SHOWN[split], smoothing=smoothing, kept=kept)
        column.plotly_chart(
            abridge(figure, tables, focus if focus in tables else None),
            key=f"{key}_{metric}",
            config=STILL,
            alt=f"{metric} by epoch of {', '.join(tables)}",
        )
    epochs = ", ".join(f"{label.split()[0]} {epoch}" for label, epoch in kept.items())
    st.caption(
        f"Solid: validation. Dashed: training. Ring: the epoch whose model was kept{f' ({epochs})' if epochs else ''}. "
        "Training figures are measured while the weights move and with dropout on, so they may look worse than validation."
    )


def histories(runs: Mapping[str, Run]) -> dict[str, pd.DataFrame]:
    """Each run's history by label; a broken one is named and left out."""
    found = {}
    for label, run in runs.items():
        try:
            found[label] = run.history
        except InputError as error:
            st.warning(plain(error))
    return found
