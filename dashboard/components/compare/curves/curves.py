"""Curves over all thresholds of one class, for all runs: which curve, which class, what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core.metrics import curves as points
from core.metrics.panel import Panel
from core.metrics.seed_bands import mean_roc
from core.text import option
from dashboard.components.after_paint import painted
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.curves.seeds import ask_together, first_of, merged
from dashboard.components.compare.curves.static_preview import still
from dashboard.components.compare.operating_point import operating_rates
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.figures.det import det_figure
from dashboard.figures.many_runs import FEW, abridge
from dashboard.figures.precision_recall import precision_recall_figure
from dashboard.figures.roc import roc_figure
from dashboard.figures.thresholds import thresholds_figure

DOTS = "The dots are the operating points in use."
EVERY = "All"
ROC = "ROC"
BARE = {"displayModeBar": False}


@dataclass(frozen=True)
class Curve:
    """A kind of curve: its points of labels and scores, its figure, and how to read it."""

    points: Callable[..., pd.DataFrame]
    figure: Callable[..., go.Figure]
    explanation: str


CURVES = {
    ROC: Curve(
        points.roc_points,
        roc_figure,
        f"Every point is a threshold: higher finds more cases, further right raises more false alarms. The upper left is best. {DOTS}",
    ),
    "Precision–recall": Curve(
        points.precision_recall_points,
        precision_recall_figure,
        f"How many positive results are right (precision) when that share of cases is found (recall). The upper right is best. {DOTS}",
    ),
    "DET": Curve(
        points.det_points,
        det_figure,
        "Missed cases against false alarms, stretched where both are rare: good models, alike on a ROC curve, come apart here. "
        f"The lower left is best. {DOTS}",
    ),
    "Thresholds": Curve(
        points.rates_by_threshold,
        thresholds_figure,
        f"Sensitivity (solid) falls and specificity (dashed) rises with the threshold. {DOTS}",
    ),
}


def pick_curve(key: str, curves: Sequence[str]) -> str:
    """One of several curves; only that one is computed."""
    preset(key, curves, curves[0])
    return st.segmented_control("Curve", curves, key=key, required=True, wrap=True, label_visibility="collapsed", bind="query-params")


def pick_class(key: str, class_names: tuple[str, ...]) -> int:
    """The class that a curve sets against the rest; of two classes always the second."""
    if len(class_names) == 2:
        return 1
    preset(key, class_names, class_names[-1])
    return class_names.index(
        st.segmented_control("Class", class_names, key=key, format_func=option, required=True, wrap=True, bind="query-params")
    )


def pick_focus(key: str, comparison: Comparison) -> str | None:
    """The label of one run to see before the others; None for all. Two or three runs need no such choice."""
    if len(comparison.runs) <= FEW:
        return None
    options = [EVERY, *comparison.letters]
    preset(key, options, EVERY)
    letter = st.segmented_control("Highlight", options, key=key, required=True, wrap=True, bind="query-params")
    return None if letter == EVERY else list(comparison.runs)[options.index(letter) - 1]


def show_curve(name: str, class_id: int, comparison: Comparison, focus: str | None = None) -> None:
    """One kind of curve for all runs, and in words how to read it; a picture of it until the page is painted."""
    curve, panel = CURVES[name], comparison.panel
    tables = dict(zip(comparison.runs, _points(comparison.key, name, class_id, panel), strict=True))
    groups = ask_together("compare_seeds", comparison.runs) if name == ROC else {label: [label] for label in tables}
    tables = merged(tables, groups, mean_roc)
    alone = {label: rates for label, rates in operating_rates(comparison.evaluations).items() if label in tables}
    left, right = st.columns([5, 2], vertical_alignment="center")
    figure = curve.figure(tables, first_of(comparison.colours, groups), alone)
    abridge(figure, tables, focus if focus in tables else None)
    alt = f"{name} of {', '.join(tables)}"
    with left:
        if painted("the curves", lambda: still(figure, alt)):
            st.plotly_chart(figure, key=f"compare_curve_{name}", config=BARE, alt=alt)
    right.markdown(curve.explanation)
    n_cases = int((panel.y_true == class_id).sum())
    if not 0 < n_cases < panel.n_samples:
        missing = "every image" if n_cases else "no image"
        right.info(f"Not defined: {missing} is {plain(panel.class_names[class_id].lower())}.", icon=":material/info:")
    rest = f"the rest (n = {panel.n_samples - n_cases:,}) of the test images."
    right.caption(f"{plain(panel.class_names[class_id].capitalize())} (n = {n_cases:,}) against {rest}")


@st.cache_data(max_entries=64, show_spinner=False)
def _points(key: tuple, name: str, class_id: int, _panel: Panel) -> list[pd.DataFrame]:
    y_true = (_panel.y_true == class_id).astype(int)
    return [CURVES[name].points(y_true, scores[:, class_id]) for scores in _panel.scores]
