"""The figures of a report, for runs side by side. A legend gives each run's label its colour, in the order of the panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from markupsafe import Markup

from core.errors import InputError
from core.metrics.calibration import Calibration
from core.metrics.curves import precision_recall_points, roc_points, score_histogram
from core.metrics.decision_curve import decision_curve
from core.metrics.evaluation import Evaluation
from core.metrics.panel import Panel
from core.reporting.html.charts import COLOURS, GREY, Line, chart, steps

if TYPE_CHECKING:
    from core.runs.run import Run

N_BINS = 20


def curve_figures(panel: Panel, legend: Mapping[str, str], class_id: int) -> list[tuple[str, str, Markup]]:
    """ROC and precision–recall of one class: title, explanation and drawing of each."""
    outcome, class_name = (panel.y_true == class_id).astype(np.int64), panel.class_names[class_id].lower()
    scores = panel.scores[..., class_id]
    roc = [roc_points(outcome, score) for score in scores]
    recall = [precision_recall_points(outcome, score) for score in scores]
    size, missing = f" n = {panel.n_samples:,}.", missing_side(outcome, class_name)
    return [
        (
            f"ROC, {class_name}",
            (missing or "Every point is a threshold. Upper left is best; the dotted line is chance.") + size,
            chart(_lines(legend, roc, "fpr", "tpr"), "False alarms (1 − specificity)", "Found (sensitivity)", diagonal=True),
        ),
        (
            f"Precision and recall, {class_name}",
            (missing or "Of the positive results, how many are right when that share of cases is found.") + size,
            chart(_lines(legend, recall, "recall", "precision"), "Found (recall)", "Positive results that are right (precision)"),
        ),
    ]


def missing_side(outcome: np.ndarray, class_name: str) -> str:
    """Why a curve of one class against the rest is not defined; empty where it is. `outcome` is 0 or 1, of shape (n_samples,)."""
    if not outcome.any():
        return f"Not defined: no image is {class_name}."
    return f"Not defined: every image is {class_name}." if outcome.all() else ""


def calibration_figure(calibrations: Sequence[tuple[Calibration, Calibration | None, float | None]], legend: Mapping[str, str]) -> Markup:
    """Reliability before (solid) and after (dashed) temperature scaling."""
    lines = []
    for label, (before, after, _) in zip(legend, calibrations, strict=True):
        tables = [(before, label, False)] + ([(after, f"{label}, scaled", True)] if after else [])
        lines += [
            Line(name, found.reliability["predicted"], found.reliability["observed"], legend[label], dashed, dots=not dashed)
            for found, name, dashed in tables
        ]
    return chart(lines, "Mean probability", "Share of cases", diagonal=True)


def decision_figure(panel: Panel, legend: Mapping[str, str], prevalence: float | None) -> Markup:
    """Net benefit over the probability from which one would act; grey: treat all."""
    curves = [decision_curve(panel.y_true, scores[:, 1], prevalence) for scores in panel.scores]
    lines = _lines(legend, curves, "threshold", "net_benefit")
    lines.append(Line("treat all", curves[0]["threshold"], curves[0]["treat_all"], GREY, dashed=True))
    top = max([0.05, *(float(curve["net_benefit"].max()) for curve in curves if curve["net_benefit"].notna().any())])
    return chart(lines, "Probability from which one acts", "Net benefit for each image", y_range=(-top / 4, top * 1.05))


def histogram_figure(panel: Panel, row: int, evaluation: Evaluation) -> Markup:
    """The probability of class 1 that one run gives, by true class: blue the first class, then orange and green."""
    table = score_histogram(panel.y_true, panel.scores[row, :, 1], panel.class_names, N_BINS)
    lines = []
    for number, (class_name, part) in enumerate(table.groupby("class_name", sort=False)):
        lines.append(Line(class_name.lower(), *steps(np.linspace(0, 1, N_BINS + 1), part["share"]), COLOURS[number % len(COLOURS)]))
    top = max(0.05, float(table["share"].max()))
    if evaluation.threshold is not None:
        lines.append(Line("threshold", [evaluation.threshold] * 2, [0, top], GREY, dashed=True))
    return chart(lines, f"Probability of {panel.class_names[1].lower()}", "Share of the class", y_range=(0, top))


def learning_figure(runs: Mapping[str, Run], legend: Mapping[str, str]) -> Markup | None:
    """Validation (solid) and training (dashed) loss by epoch; None where no run has a history."""
    lines = []
    for label, run in runs.items():
        try:
            history = run.history
        except InputError:
            continue
        for column, dashed in (("val_loss", False), ("loss", True)):
            if column in history and len(known := _finite(history[["epoch", column]])):
                lines.append(Line(f"{label}, {column}", known["epoch"], known[column], legend[label], dashed, dots=not dashed))
    n_epochs = max([2.0, *(float(np.max(line.x)) for line in lines)])
    top = max([0.0, *(float(np.quantile(line.y, 0.95)) for line in lines)])
    return chart(lines, "Epoch", "Loss", (1, n_epochs), (0, top or 1.0)) if lines else None


def _finite(history: pd.DataFrame) -> pd.DataFrame:
    """The epochs whose figures are numbers; a training that diverged ends in others."""
    return history.apply(pd.to_numeric, errors="coerce").replace([np.inf, -np.inf], np.nan).dropna()


def _lines(legend: Mapping[str, str], tables: Sequence, x: str, y: str) -> list[Line]:
    return [Line(label, table[x], table[y], colour) for (label, colour), table in zip(legend.items(), tables, strict=True)]
