"""From validation to test: the gap of every run, and whether removing the clues would have foretold it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.battery import VARIANTS
from core.errors import InputError
from core.metrics.generalisation import RULE_TITLES, by_rule
from core.replication import METRICS
from core.run import Run
from dashboard import state
from dashboard.components.results import system_title
from dashboard.figures.generalisation import MARKS, generalisation_figure

BY_TITLE = {title: metric for metric, title in METRICS.items()}


def generalisation_section(runs: list[Run]) -> None:
    """A chart and a table for a metric; a download of everything."""
    tables = gaps(runs)
    if tables.empty:
        st.info("No run has predictions on validation and test yet.")
        return
    st.markdown(
        "Validation images come from the training folder and carry its clues, so they promise too much. The **battery** shows the same "
        f"images with one clue removed at a time ({', '.join(VARIANTS)}); thresholds are chosen there. No choice was made on test."
    )
    metric = st.segmented_control(
        "Metric", [title for title, name in BY_TITLE.items() if name in tables], default="AUC", key="overview_gap_metric"
    )
    metric = metric or "AUC"
    shown = tables[tables[BY_TITLE[metric]].notna()]
    values = {label: dict(zip(part["images"], part[BY_TITLE[metric]], strict=True)) for label, part in shown.groupby("label", sort=False)}
    values = dict(sorted(values.items(), key=lambda item: item[1].get("test", 0), reverse=True))
    kept = {label: {images: value for images, value in row.items() if images in MARKS} for label, row in values.items()}
    st.plotly_chart(generalisation_figure(kept, metric), alt=f"{metric} of {len(kept)} runs on validation, battery and test.")
    with st.expander(f"{metric} of each run on each set of images"):
        st.dataframe(_wide(shown, BY_TITLE[metric]), hide_index=True, alt=f"{metric} by run and images.")
    rules_box = st.expander("What each rule for the threshold gives on test", key="overview_rules", on_change="rerun", bind="query-params")
    if rules_box.open:
        with rules_box:
            _show_rules([run for run in runs if run.name in set(tables["run"])], dict(zip(tables["run"], tables["label"], strict=True)))
    st.download_button(
        "Download all figures (CSV)", tables.to_csv(index=False), "pneumolens-validation-to-test.csv", icon=":material/download:"
    )
    if without := sum("battery mean" not in row for row in values.values()):
        st.caption(f"{without} runs have no battery yet: `python -m core battery RUN --data DATA` adds it without touching test.")


def _show_rules(runs: list[Run], labels: dict[str, str]) -> None:
    """A line for each run of two classes and each of its thresholds."""
    table = rules(runs, labels)
    if table.empty:
        st.caption("Only runs of two classes have a threshold.")
        return
    st.dataframe(table.round(3), hide_index=True, placeholder="–", alt="Test metrics of each run at each of its thresholds.")
    st.caption(
        f"n = {table['Images'].min():,} test images. Each threshold was chosen on validation or its battery before test was scored. "
        "To recommend the one that does best here would be to choose on test."
    )


def rules(runs: list[Run], labels: dict[str, str]) -> pd.DataFrame:
    """Each two-class run at each of its thresholds, on test."""
    rows = [
        {"Run": labels[run.name], "Rule": RULE_TITLES.get(rule, rule), "Threshold": row["threshold"]}
        | {title: row[metric] for metric, title in METRICS.items() if metric in row and metric != "roc_auc"}
        | {"Images": int(row["n_samples"])}
        for run in runs
        for rule, row in by_rule(run).iterrows()
    ]
    return pd.DataFrame(rows)


def gaps(runs: list[Run]) -> pd.DataFrame:
    """Every run on every set of images: ``run, label, images, n_samples, <metric>…``; runs that cannot be read are left out."""
    parts, labels = [], set()
    for run in runs:
        try:
            found = state.generalisation(run)
        except InputError:
            continue
        label = f"{system_title(run)}, {run.config.n_classes} classes, seed {run.config.seed}"
        if label in labels:  # the same seed by another recipe
            label = f"{label} ({run.name.rpartition('-')[2]})"
        labels.add(label)
        parts.append(found.rename_axis("images").reset_index().assign(run=run.name, label=label))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _wide(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    wide = table.pivot_table(index="label", columns="images", values=metric, sort=False).round(3)
    order = ["validation", *VARIANTS, "battery mean", "battery worst", "test"]
    return wide[[name for name in order if name in wide]].rename_axis("Run").reset_index()
