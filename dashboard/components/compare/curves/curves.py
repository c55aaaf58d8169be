"""Curves over all thresholds of one class, for all runs: which curve, which class, what it says."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.counted import class_words
from core.figures.many_runs import FEW, abridge
from core.figures.svg import to_picture
from core.metrics.panel import Panel
from core.metrics.seed_bands import mean_roc
from core.reporting.curves import CURVES, ROC, missing_side, operating_rates
from core.text import option
from dashboard.components.after_paint import painted
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.curves.seeds import ask_together, first_of, merged
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset

EVERY = "All"
BARE = {"displayModeBar": False}


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
        if painted("the curves", lambda: to_picture(figure, alt)):
            st.plotly_chart(figure, key=f"compare_curve_{name}", config=BARE, alt=alt)
    right.markdown(curve.explanation)
    outcome, class_name = panel.y_true == class_id, panel.class_names[class_id]
    if missing := missing_side(outcome, plain(class_words(class_name))):
        right.info(missing, icon=":material/info:")
    n_cases = int(outcome.sum())
    rest = f"the rest (n = {panel.n_samples - n_cases:,}) of the test images."
    right.caption(f"{plain(class_words(class_name, begins=True))} (n = {n_cases:,}) against {rest}")


@st.cache_data(max_entries=64, show_spinner=False)
def _points(key: tuple, name: str, class_id: int, _panel: Panel) -> list[pd.DataFrame]:
    y_true = (_panel.y_true == class_id).astype(int)
    return [CURVES[name].points(y_true, scores[:, class_id]) for scores in _panel.scores]
