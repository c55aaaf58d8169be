"""The columns of the Compare page's leaderboard: how a row of results is written, and what each column means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.metrics.evaluation import Estimate
from core.metrics.statistics.intervals import UNDEFINED, in_figures, interval_text, with_interval
from core.metrics.thresholds import RECOMMENDED
from core.metrics.titles import short
from dashboard.components.compare.tables.sortable_numbers import told
from dashboard.components.formats import when

MEANT = {
    "roc_auc": "Area under the ROC curve: how often an ill child scores above a healthy one.",
    "accuracy": "Share of test images called right at the run's own operating point.",
    "sensitivity": "Share of pneumonias found at the run's own operating point.",
    "specificity": "Share of normal images called normal at the run's own operating point.",
    "precision": "Share of the images called pneumonia that are pneumonia.",
    "f1": "Harmonic mean of precision and sensitivity.",
    "macro_f1": "Mean of the classes' F1; runs of three classes.",
    "average_precision": "Area under precision over recall.",
    "brier": "Mean squared error of the probability; lower is better.",
    "ece": "Mean gap between probability and outcome (ECE); lower is better.",
}
ESTIMATES = {heading: (name, MEANT[name]) for name, heading in short(*MEANT).items()} | {
    "Recall normal": ("recall_NORMAL", "Share of normal images called normal; runs of three classes."),
    "Recall bacterial": ("recall_BACTERIAL", "Share of bacterial images called bacterial; runs of three classes."),
    "Recall viral": ("recall_VIRAL", "Share of viral images called viral; runs of three classes."),
    "Specificity, worst group": (
        "worst_specificity",
        "Share of normal images called normal in the group of images that look alike in which it is lowest, of those with at least 20 "
        "normal test images; known for the images of the shipped index.",
    ),
    "Sensitivity, worst group": (
        "worst_sensitivity",
        "Share of pneumonias found in the group of images that look alike in which it is lowest, of those with at least 20 test "
        "pneumonias.",
    ),
    "AUC gap": ("gap_roc_auc", "AUC on test minus AUC on validation: below zero, the model is worse on the test images than it seemed."),
    "Accuracy gap": ("gap_accuracy", "Accuracy on test minus accuracy on validation."),
}  # fmt: skip
NAME, BEFORE = "Recipe or run", "AUC before test"
NUMBERS = {
    BEFORE: (
        "before", 1, "%.4f",
        "Area under the ROC curve on validation images with one clue of the data set removed at a time (mean over the ways), or on plain "
        "validation images where there are no others. What was known before test; rows are in this order at first.",
    ),
    "Classes": ("n_classes", 1, "%d", "Two: normal, pneumonia. Three: normal, bacterial, viral."),
    "Published accuracy": ("published_accuracy", 1, "%.3f", "As the system's write-up reports it on the official test images."),
    "Parameters": ("parameters", 1, "localized", "All weights of the model."),
    "Size (MB)": ("model_bytes", 1e-6, "%.1f", "Size of the stored model, without its optimiser."),
    "Training (min)": ("seconds", 1 / 60, "%.1f", "Time to train, in minutes."),
    "ms an image": ("milliseconds_per_image", 1, "%.1f", "Milliseconds to score one test image, on the machine that trained it."),
    "Test images": ("n_test", 1, "localized", "Number of test images scored."),
    "Threshold": ("threshold", 1, "%.3f", f"{RECOMMENDED[0].upper()}{RECOMMENDED[1:]}."),
}  # fmt: skip
TEXTS = {"Seeds": "seeds", "Changed settings": "changed_settings", "Test data": "data_title", "Trained (UTC)": "created", "Id": "run"}
OVER_SEEDS = " Mean over seeds ± their standard deviation, in brackets the 95 % interval that the test images leave."
LOWER_IS_BETTER = ("Brier ↓", "Calibration error ↓", "Parameters", "Size (MB)", "Training (min)", "ms an image")
DEFAULT = [
    "Classes", "Seeds", BEFORE, "AUC", "Accuracy", "Sensitivity", "Specificity", "AUC gap", "Published accuracy", "Parameters", "Size (MB)",
    "Training (min)", "ms an image",
]  # fmt: skip


def written(board: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """A leaderboard as it is shown: ``Recipe or run``, then the columns chosen, whether or not these runs fill them.

    Parameters
    ----------
    board : DataFrame
        Of `board_rows`, unrounded: ``run, title, …, <metric>, <metric>_low, <metric>_high, <metric>_sd``.
    columns : sequence of str
        Out of `headings`.

    Returns
    -------
    DataFrame
        Estimates as numbers that are told as ``0.912 ± 0.004 (0.885–0.934)``, other numbers as numbers in the unit of the heading.
    """
    return pd.DataFrame({NAME: board["title"]} | {heading: _column(board, heading) for heading in columns})


def headings(board: pd.DataFrame) -> list[str]:
    """The columns to choose from: those that some run fills."""
    numeric = {heading: name for heading, (name, *_) in (ESTIMATES | NUMBERS).items()}
    return [heading for heading, name in numeric.items() if name in board and board[name].notna().any()] + list(TEXTS)


def ranked(board: pd.DataFrame, heading: str) -> pd.DataFrame:
    """The rows from best to worst by a column; rows without the figure come last, and what was known before test is their order already."""
    if heading == BEFORE:
        return board
    name = {**{h: n for h, (n, _) in ESTIMATES.items()}, **{h: n for h, (n, *_) in NUMBERS.items()}, **TEXTS}[heading]
    return board.sort_values(name, ascending=heading in LOWER_IS_BETTER, na_position="last", kind="stable", ignore_index=True)


def column_config() -> Mapping[str, object]:
    """Formats and hover help of every column."""
    estimates = {heading: st.column_config.NumberColumn(help=f"{text}{OVER_SEEDS}") for heading, (_, text) in ESTIMATES.items()}
    numbers = {heading: st.column_config.NumberColumn(format=form, help=text) for heading, (_, _, form, text) in NUMBERS.items()}
    changed = st.column_config.TextColumn(help="Where the run's recipe departs from the system's own.")
    return {NAME: st.column_config.TextColumn(pinned=True), "Changed settings": changed} | estimates | numbers


def _column(board: pd.DataFrame, heading: str) -> pd.Series:
    if heading in TEXTS:
        values = board[TEXTS[heading]]
        return values.map(when) if TEXTS[heading] == "created" else values
    if heading in NUMBERS:
        name, factor, *_ = NUMBERS[heading]
        return pd.to_numeric(board[name], errors="coerce") * factor
    name = ESTIMATES[heading][0]
    form = _change if name.startswith("gap_") else _metric
    bounds = board.reindex(columns=[name, f"{name}_low", f"{name}_high", f"{name}_sd"]).to_numpy(np.float64)
    return told(bounds[:, 0], (form(*row) for row in bounds))


def _metric(value: float, low: float, high: float, spread: float) -> str:
    return with_interval(Estimate(value, low, high, 0)).replace(" (", f"{_spread(spread)} (")


def _change(value: float, low: float, high: float, spread: float) -> str:
    """``−0.087 (−0.110 to −0.060)``; an en dash in place of what is not known."""
    change = in_figures(value, "+.3f")
    return change if change == UNDEFINED else f"{change}{_spread(spread)} ({interval_text(low, high, '+.3f', ' to ')})"


def _spread(deviation: float) -> str:
    """`` ± 0.004``: the standard deviation over seeds, where there are several."""
    return "" if np.isnan(deviation) else f" ± {in_figures(deviation)}"
