"""A table of metrics with intervals, one column a run, and the same as CSV."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.metrics.evaluation import Evaluation
from dashboard.components.formats import with_interval

MEANINGS = {
    "accuracy": ("Accuracy", "share of images called right"),
    "sensitivity": ("Sensitivity", "share of pneumonias found"),
    "specificity": ("Specificity", "share of normal images called normal"),
    "precision": ("Precision", "share of pneumonia calls that are right"),
    "f1": ("F1", "harmonic mean of precision and sensitivity"),
    "macro_f1": ("Macro F1", "mean of the classes' F1"),
    "roc_auc": ("ROC AUC", "chance that a random case scores above a random control"),
    "average_precision": ("Average precision", "area under precision over recall"),
    "brier": ("Brier score ↓", "mean squared error of the probability; lower is better"),
    "ece": ("Calibration error ↓", "mean gap of probability and outcome (ECE); lower is better"),
}


def metrics_table(evaluations: Mapping[str, Evaluation]) -> pd.DataFrame:
    """Metrics as they are shown: ``Metric``, a column for each label, ``n`` and ``What it says``."""
    names = next(iter(evaluations.values())).metrics
    rows = []
    for name in names:
        title, meaning = _title(name)
        estimates = {label: evaluation.metrics[name] for label, evaluation in evaluations.items()}
        counts = dict.fromkeys(f"{estimate.n_samples:,}" for estimate in estimates.values())
        cells = {label: with_interval(estimate) for label, estimate in estimates.items()}
        rows.append({"Metric": title} | cells | {"n": " / ".join(counts), "What it says": meaning})
    return pd.DataFrame(rows)


def metrics_csv(evaluations: Mapping[str, Evaluation], runs: Mapping[str, str]) -> str:
    """One line for each run and metric: ``run, threshold, metric, value, low, high, n_samples``."""
    rows = [
        {"run": runs[label], "threshold": evaluation.threshold, "metric": name}
        | {"value": estimate.value, "low": estimate.low, "high": estimate.high, "n_samples": estimate.n_samples}
        for label, evaluation in evaluations.items()
        for name, estimate in (evaluation.metrics | _subtypes(evaluation)).items()
    ]
    return pd.DataFrame(rows).to_csv(index=False)


def show_metrics(evaluations: Mapping[str, Evaluation], runs: Mapping[str, str]) -> None:
    """The table and its download."""
    table = metrics_table(evaluations)
    width = {label: st.column_config.TextColumn(label, width=170) for label in evaluations}
    st.dataframe(table, hide_index=True, column_config=width, alt="Metrics of each run on the test images with 95 % intervals")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption("In brackets: 95 % interval (Wilson for rates, bootstrap over patients for the others).", width="content")
        st.download_button(
            "Metrics as CSV", metrics_csv(evaluations, runs), "metrics.csv", "text/csv", icon=":material/download:", on_click="ignore"
        )


def _subtypes(evaluation: Evaluation) -> dict:
    return {f"recall_{name.lower()}": estimate for name, estimate in evaluation.subtype_recall.items()}


def _title(name: str) -> tuple[str, str]:
    if name.startswith("recall_"):
        class_name = name.removeprefix("recall_").lower()
        return f"Recall, {class_name}", f"share of {class_name} images called {class_name}"
    return MEANINGS.get(name, (name, ""))
