"""What finished runs measured with a remedy for imbalance."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.counted import counted
from core.errors import InputError
from core.metrics.statistics.intervals import with_interval
from core.metrics.titles import short
from core.runs.run import Run
from core.studies.remedies import moved_rule, remedies_of
from dashboard import state
from dashboard.components.runs.run_picker import usable_runs
from dashboard.components.stacked_table import show_stacked

BINARY, SEVERAL = short("sensitivity", "specificity", "roc_auc"), short("macro_f1", "accuracy", "roc_auc")
NAMES = {"none": "no remedy", "class_weights": "class weights", "oversample": "oversampling", "undersample": "undersampling",
         "focal": "focal loss", "group_balance": "group balance", "dro": "group DRO", "last_layer": "last layer anew",
         "corner_exchange": "exchanged corners", "histogram_matching": "matched histograms", "amplitude_mixing": "mixed amplitudes",
         "mixstyle": "MixStyle", "threshold": "threshold moving"}  # fmt: skip


def measured(key: str, n_classes: int, fingerprint: str) -> None:
    """What finished runs on these data measured with a remedy on the test images."""
    runs, _ = usable_runs()
    fitting = [run for run in runs if run.config.n_classes == n_classes and run.config.fingerprint == fingerprint]
    chosen = [run for run in fitting if key == "threshold" or key in remedies_of(run.config.recipe)]
    rows = [row for run in chosen for row in _rows(run, key)]
    if rows:
        show_stacked(pd.DataFrame(rows).rename(columns={"n": "Test images"}), "What finished runs with this remedy measured on test")
        n_others = len(runs) - len(fitting)
        others = f" {counted(n_others, 'run')} on other data or labels {'is' if n_others == 1 else 'are'} left out." if n_others else ""
        st.caption(f"In brackets: 95 % interval.{others}")
        return
    st.info(f"No finished run on these data used it yet{' with these labels' if runs else ''}. Train one to see what it does.")


def _rows(run: Run, key: str) -> list[dict]:
    """A row a run; with threshold moving one at 0.5 and one at the threshold that validation images chose."""
    if key == "threshold" and run.config.n_classes == 2:
        thresholds = {"0.5": "half", "chosen on validation": moved_rule(run)}
        return [row | {"Threshold": name} for name, rule in thresholds.items() for row in _row(run, rule)]
    others = ", ".join(NAMES[other] for other in remedies_of(run.config.recipe) if other not in (key, "none"))
    return [row | {"Run": row["Run"] + (f", with {others}" if others else "")} for row in _row(run, "recommended")]


def _row(run: Run, threshold: str) -> list[dict]:
    try:
        evaluation = state.evaluation(run, "test", threshold)
    except InputError:
        return []
    titles = BINARY if run.config.n_classes == 2 else SEVERAL
    metrics = {title: with_interval(evaluation.metrics[name]) for name, title in titles.items()}
    return [{"Run": state.name_of(run)} | metrics | {"n": evaluation.n_samples}]
