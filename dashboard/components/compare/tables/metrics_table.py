"""A table of metrics with intervals, one column a run, and the same as CSV."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd
import streamlit as st

from core.counted import class_words
from core.metrics.evaluation import Estimate, Evaluation
from core.metrics.statistics.intervals import with_interval
from core.metrics.titles import LOWER_IS_BETTER, TITLES
from core.text import html as escape
from dashboard.components.chips import label_html
from dashboard.components.compare.tables.table_export import export_button
from dashboard.components.compare.threshold.cells import Cells, cell

BEST = "best"
FEW = 3  # runs beside which there is room for what each metric says in a column of its own
INTERVALS = "In brackets: 95 % interval, Wilson's for rates, for the others a bootstrap by patient."


def title_of(name: str) -> str:
    """What a metric is called: ``ROC AUC`` of ``roc_auc``."""
    return TITLES[name].full if name in TITLES else _recall(name)[0]


def metrics_table(evaluations: Mapping[str, Evaluation]) -> pd.DataFrame:
    """Metrics as they are shown: ``Metric``, ``n``, a column for each label and ``What it says``."""
    names = next(iter(evaluations.values())).metrics
    rows = []
    for name in names:
        title, meaning = (TITLES[name].full, TITLES[name].says) if name in TITLES else _recall(name)
        estimates = {label: evaluation.metrics[name] for label, evaluation in evaluations.items()}
        counts = sorted({estimate.n_samples for estimate in estimates.values()})
        cells = {label: with_interval(estimate) for label, estimate in estimates.items()}
        n = f"{counts[0]:,}" + (f"–{counts[-1]:,}" if len(counts) > 1 else "")
        rows.append({"Metric": title, "n": n} | cells | {"What it says": meaning})
    return pd.DataFrame(rows)


def metrics_numbers(evaluations: Mapping[str, Evaluation], runs: Mapping[str, str]) -> pd.DataFrame:
    """One line for each run and metric: ``run, threshold, metric, value, low, high, n_samples``."""
    rows = [
        {"run": runs[label], "threshold": evaluation.threshold, "metric": name}
        | {"value": estimate.value, "low": estimate.low, "high": estimate.high, "n_samples": estimate.n_samples}
        for label, evaluation in evaluations.items()
        for name, estimate in (evaluation.metrics | _subtypes(evaluation)).items()
    ]
    return pd.DataFrame(rows)


def metric_cells(evaluations: Iterable[Evaluation], to_come: bool = False) -> Cells:
    """Each run's metrics as they are shown; where intervals may be `to_come`, three dots stand for one that is not there."""
    text = _pending if to_come else with_interval
    return {f"{number}.{name}": text(estimate) for number, one in enumerate(evaluations) for name, estimate in one.metrics.items()}


def best_cells(evaluations: Iterable[Evaluation]) -> Cells:
    """The word that marks the best of several runs in each metric, as far as three digits tell; nothing where all are alike."""
    evaluations = list(evaluations)
    cells = {}
    for name in evaluations[0].metrics:
        sign = -1 if name in LOWER_IS_BETTER else 1
        values = [sign * round(one.metrics[name].value, 3) for one in evaluations]
        known = [value for value in values if not math.isnan(value)]
        told_apart = len(set(known)) > 1
        cells |= {f"{number}.{name}.best": BEST if told_apart and value == max(known) else "" for number, value in enumerate(values)}
    return cells


def metrics_html(evaluations: Mapping[str, Evaluation], followed: str = "", colours: Mapping[str, str] | None = None) -> str:
    """The table of `metrics_table` as HTML; `followed` as `Comparison.followed` gives it."""
    cells = metric_cells(evaluations.values()) | best_cells(evaluations.values())
    heads = "".join(f'<th scope="col">{label_html(label, (colours or {}).get(label, ""))}</th>' for label in evaluations)
    names = next(iter(evaluations.values())).metrics
    rows = "".join(
        f'<tr><th scope="row">{escape(row["Metric"])}<small>{escape(row["What it says"])}, n = {row["n"]}</small></th><td>{row["n"]}</td>'
        + "".join(_figure(f"{number}.{name}", cells) for number in range(len(evaluations)))
        + f"<td>{escape(row['What it says'])}</td></tr>"
        for name, row in zip(names, metrics_table(evaluations).to_dict("records"), strict=True)
    )
    caption = "<caption>Metrics of each run on the test images with 95 % intervals; the best of each row is marked</caption>"
    head = f'<tr><th scope="col">Metric</th><th scope="col">n</th>{heads}<th scope="col">What it says</th></tr>'
    kind = "figures-metrics figures-many" if len(evaluations) > FEW else "figures-metrics"
    table = f'<table class="{kind}">{caption}<thead>{head}</thead><tbody>{rows}</tbody></table>'
    return f'<div class="figures-wide" tabindex="0" {followed}>{table}</div>'


def show_metrics(
    evaluations: Mapping[str, Evaluation], runs: Mapping[str, str], followed: str = "", colours: Mapping[str, str] | None = None
) -> None:
    """The table and its downloads."""
    table = metrics_table(evaluations)
    with st.container(key="compare_metrics"):
        st.html(metrics_html(evaluations, followed, colours))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        marked = " “best” marks the best value of a row; whether the difference is more than chance is told below."
        st.caption(INTERVALS + (marked if len(evaluations) > 1 else ""), width=820)
        export_button(metrics_numbers(evaluations, runs), table.drop(columns="What it says"), "metrics")


def _figure(name: str, cells: Cells) -> str:
    return f"<td>{cell(name, cells)} {cell(f'{name}.best', cells, 'em')}</td>"


def _pending(estimate: Estimate) -> str:
    pending = math.isnan(estimate.low) and not math.isnan(estimate.value)
    return f"{estimate.value:.3f} (…)" if pending else with_interval(estimate)


def _subtypes(evaluation: Evaluation) -> dict:
    return {f"recall_{name.lower()}": estimate for name, estimate in evaluation.subtype_recall.items()}


def _recall(name: str) -> tuple[str, str]:
    class_name = class_words(name.removeprefix("recall_"))
    return (f"Recall, {class_name}", f"share of {class_name} images called {class_name}") if name.startswith("recall_") else (name, "")
