"""The leaderboard: finished runs with what they reach on the test images."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from core.card import BATTERY_RULE
from core.errors import InputError
from core.metrics.estimate import in_figures, with_interval
from core.metrics.evaluation import Estimate
from core.metrics.thresholds import RULES
from core.run import Run
from dashboard import state
from dashboard.components.formats import duration, when
from dashboard.components.links import compare_link, inspect_link
from dashboard.components.results import CHANGED_HELP, result_row
from dashboard.components.told import shown as sortable
from dashboard.components.told import told

REPAINT_SECONDS = 0.5
HEADINGS = {2: "Two classes: normal or pneumonia", 3: "Three classes: normal, bacterial or viral"}
RULE_NAMES = {"youden": "Youden", "half": "fixed", "sensitivity_95": "sensitivity ≥ 95 %", "battery": "battery"}
METRIC_HELP = {
    "roc_auc": ("AUC", "Area under the ROC curve: how often an ill child scores above a healthy one. 95 % interval by patient bootstrap."),
    "accuracy": ("Accuracy", "Share of test images called right at the operating point. 95 % Wilson interval."),
    "sensitivity": ("Sensitivity", "Share of pneumonia images called pneumonia. 95 % Wilson interval."),
    "specificity": ("Specificity", "Share of normal images called normal. 95 % Wilson interval."),
    "macro_f1": ("Macro F1", "Mean over the classes of F1, the harmonic mean of precision and recall. 95 % interval by patient bootstrap."),
}  # fmt: skip


def leaderboard(runs: list[Run]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Draw the finished runs, best AUC first, one table for each number of classes.

    Intervals take a moment the first time, so what is known is drawn while the rest is computed.

    Parameters
    ----------
    runs : list of Run

    Returns
    -------
    results : DataFrame
        `result_row` of each run.
    broken : dict of str to str
        Run name to the reason why it cannot be judged.
    """
    slot, painted, rows, broken = st.empty(), time.monotonic(), [], {}
    for number, run in enumerate(runs, start=1):
        try:
            rows.append(result_row(run, state.evaluation(run)))
        except InputError as error:
            broken[run.name] = str(error)
        if rows and number < len(runs) and time.monotonic() - painted > REPAINT_SECONDS:
            _paint(slot, rows, f"Computing 95 % intervals: {number} of {len(runs)} runs …")
            painted = time.monotonic()
    results = pd.DataFrame(rows)
    if rows:
        _paint(slot, rows)
    return results, broken


def _paint(slot, rows: list[dict], waiting: str = "") -> None:
    results = pd.DataFrame(rows).sort_values("roc_auc", ascending=False)
    with slot.container():
        for n_classes, part in results.groupby("n_classes"):
            st.markdown(f"**{HEADINGS.get(n_classes, f'{n_classes} classes')}**")
            _table(part.reset_index(drop=True), n_classes, selectable=not waiting)
            if part["fingerprint"].nunique() > 1:
                st.caption("These runs were scored on different test images: compare only lines with the same test data.")
        if waiting:
            st.caption(waiting)


def _table(results: pd.DataFrame, n_classes: int, selectable: bool) -> None:
    metrics = [name for name in (*METRIC_HELP, *results.filter(regex="^recall_[A-Za-z]+$")) if results.get(name, pd.Series()).notna().any()]
    shown = _display(results, metrics)
    columns = {"System": st.column_config.TextColumn(pinned=True)} | {
        heading: st.column_config.NumberColumn(help=help_text) for heading, help_text in map(_heading, metrics)
    }
    columns["Changed settings"] = st.column_config.TextColumn(help=CHANGED_HELP, width=190)
    columns["Operating point"] = st.column_config.NumberColumn(
        help="Threshold on the pneumonia score, chosen on validation images. " + _rules()
    )
    columns |= {name: st.column_config.NumberColumn(format="localized") for name in ("Test images", "Train images", "Parameters")}
    columns["Published accuracy"] = st.column_config.NumberColumn(help="As the system's write-up reports it.")
    alt = f"Leaderboard of {len(shown)} finished runs with {n_classes} classes, best AUC first."
    if not selectable:
        st.dataframe(sortable(shown), hide_index=True, placeholder="–", column_config=columns, alt=alt)
        return
    event = st.dataframe(
        sortable(shown),
        hide_index=True,
        placeholder="–",
        column_config=columns,
        alt=alt,
        key=f"leaderboard_{n_classes}",
        on_select="rerun",
        selection_mode="multi-row",
    )
    _actions(results.loc[event.selection.rows, "run"].tolist())


def _actions(names: list[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        compare_link(names, f"Compare {len(names)} chosen" if names else "Compare")
        if names:
            inspect_link("Try them on an image", names)
        else:
            st.caption("Tick the runs to compare.")


def _display(results: pd.DataFrame, metrics: list[str]) -> pd.DataFrame:
    shown = pd.DataFrame({"System": results["title"], "Seed": results["seed"]})
    for name in metrics:
        shown[_heading(name)[0]] = told(results[name], (with_interval(_estimate(row, name)) for row in results.to_dict("records")))
    if results["changed_settings"].any():
        shown["Changed settings"] = results["changed_settings"]
    if results["threshold"].notna().any():
        points = (
            in_figures(threshold) + (f" ({RULE_NAMES.get(rule, rule)})" if isinstance(rule, str) else "")
            for threshold, rule in zip(results["threshold"], results["rule"], strict=True)
        )
        shown["Operating point"] = told(results["threshold"], points)
    return shown.assign(
        **{
            "Published accuracy": told(results["published_accuracy"], map(_published, results.to_dict("records"))),
            "Test images": results["n_test"],
            "Parameters": results["parameters"],
            "Training time": told(results["seconds"], map(duration, results["seconds"])),
            "Train images": results["n_train"],
            "Test data": results["test_data"],
            "Trained (UTC)": results["trained"].map(when),
            "Run": results["run"],
        }
    )


def _published(row: dict) -> str:
    if pd.isna(row["published_accuracy"]):
        return "–"
    return f"{row['published_accuracy']:.3f}" + (f", {row['published_note']}" if pd.notna(row["published_note"]) else "")


def _heading(metric: str) -> tuple[str, str]:
    class_name = metric.removeprefix("recall_")
    return METRIC_HELP.get(metric) or (
        f"Recall {class_name.lower()}",
        f"Share of {class_name.lower()} images called {class_name.lower()}. 95 % Wilson interval.",
    )


def _estimate(row: dict, name: str) -> Estimate:
    return Estimate(row[name], row[f"{name}_low"], row[f"{name}_high"], row["n_test"])


def _rules() -> str:
    return " ".join(f"{RULE_NAMES[key]}: {text[0].lower()}{text[1:]}." for key, text in (RULES | BATTERY_RULE).items())
