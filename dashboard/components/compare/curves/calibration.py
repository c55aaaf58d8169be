"""Calibration and the spread of scores: what a run's probabilities are worth as numbers."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.counted import class_words
from core.figures.calibration import calibration_figure
from core.figures.many_runs import abridge
from core.figures.score_histogram import score_histogram_figure
from core.metrics.calibration import Calibration, calibrate_panel
from core.metrics.curves import score_histogram
from dashboard.components.compare.comparison import Comparison

STILL = {"displayModeBar": False}
READING = """On the dotted line a probability means what it says: of images given 0.8, eight in ten are cases. Bars are 95 % intervals;
below, how many images each point stands for."""
SCALING = "Dashed: after temperature scaling, one number fitted on validation images. It changes the confidence, not the ranking."


def show_calibration(comparison: Comparison, class_id: int, key: str, focus: str | None = None) -> None:
    """Reliability before and after temperature scaling, with the Brier score and the calibration error of both."""
    found = _calibrations(comparison.key, class_id, comparison)
    scaled = st.toggle("After temperature scaling", key=f"{key}_scaled", bind="query-params")
    before = {label: c.reliability for label, (c, _, _) in found.items()}
    after = {label: c.reliability for label, (_, c, _) in found.items() if c is not None} if scaled else None
    left, right = st.columns([5, 3], vertical_alignment="center")
    figure = abridge(calibration_figure(before, comparison.colours, after), comparison.runs, focus)
    left.plotly_chart(figure, key=f"{key}_chart", config=STILL, alt=f"Calibration of {', '.join(before)}")
    right.markdown(READING)
    right.dataframe(
        _table(found), hide_index=True, placeholder="–", column_config=_columns(), alt="Brier score and calibration error of each run"
    )
    right.caption(f"n = {comparison.panel.n_samples:,} test images. {SCALING if scaled else ''}")


def show_histograms(comparison: Comparison, class_id: int, key: str) -> None:
    """The scores of each true class, run by run, with the threshold in use."""
    histograms = dict(zip(comparison.runs, _histograms(comparison.key, class_id, comparison), strict=True))
    thresholds = {label: evaluation.threshold for label, evaluation in comparison.evaluations.items()}
    class_name = class_words(comparison.panel.class_names[class_id])
    figure = score_histogram_figure(histograms, thresholds, f"Probability of {class_name}")
    st.plotly_chart(figure, key=f"{key}_chart", config=STILL, alt=f"Scores by true class of {', '.join(histograms)}")
    line = " The dashed line is the threshold in use." if comparison.binary else ""
    st.caption(f"Share of each true class in each of 20 bins, n = {comparison.panel.n_samples:,} test images.{line}")


def _table(found: dict[str, tuple[Calibration, Calibration | None, float | None]]) -> pd.DataFrame:
    rows = [
        {"Run": label, "Brier": before.brier, "ECE": before.ece, "T": temperature}
        | {"Brier scaled": after and after.brier, "ECE scaled": after and after.ece}
        for label, (before, after, temperature) in found.items()
    ]
    return pd.DataFrame(rows)


def _columns() -> dict:
    number = st.column_config.NumberColumn
    return {
        "Brier": number("Brier ↓", format="%.3f", help="Mean squared distance of probability and outcome; 0 is best."),
        "ECE": number("ECE ↓", format="%.3f", help="Mean gap of probability and outcome in ten bins; 0 is best."),
        "T": number(format="%.2f", help="Temperature fitted on validation images. Above 1: the model was overconfident."),
        "Brier scaled": number(format="%.3f", help="Brier score after temperature scaling."),
        "ECE scaled": number(format="%.3f", help="Calibration error after temperature scaling."),
    }


@st.cache_data(max_entries=32, show_spinner=False)
def _calibrations(key: tuple, class_id: int, _comparison: Comparison) -> dict:
    found = calibrate_panel(_comparison.panel, list(_comparison.runs.values()), class_id)
    return {_comparison.label(name): value for name, value in found.items()}


@st.cache_data(max_entries=32, show_spinner=False)
def _histograms(key: tuple, class_id: int, _comparison: Comparison) -> list[pd.DataFrame]:
    panel = _comparison.panel
    return [score_histogram(panel.y_true, scores[:, class_id], panel.class_names) for scores in panel.scores]
