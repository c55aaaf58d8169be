"""Confusion matrices side by side, what changes from the first run to the others, and recall by kind of pneumonia."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.components.address import preset
from dashboard.components.comparison import Comparison
from dashboard.figures.confusion import confusion_difference_figure, confusion_figure, points_changed
from dashboard.figures.crowd import abridge
from dashboard.figures.subtype import subtype_figure

STILL = {"displayModeBar": False}
COUNTS, DIFFERENCE = "Counts and shares", "Difference"


def show_confusion(comparison: Comparison, key: str) -> None:
    """A matrix for each run, or for each run but the first what it does otherwise; at most four a row."""
    evaluations, view = comparison.evaluations, COUNTS
    if len(evaluations) > 1:
        preset(key, (COUNTS, DIFFERENCE), COUNTS)
        view = st.segmented_control(
            "Matrices", [COUNTS, DIFFERENCE], key=key, required=True, label_visibility="collapsed", bind="query-params"
        )
    first, *others = evaluations
    shown = others if view == DIFFERENCE else list(evaluations)
    for number, (place, label) in enumerate(zip(_places(len(shown)), shown, strict=False)):
        with place:
            _difference(comparison, first, label, number) if view == DIFFERENCE else _matrix(comparison, label, number)
    if view == DIFFERENCE:
        st.caption("Blue: better than the first run, more right or fewer wrong. Orange: worse. Points are of the row, the true class.")


def show_subtypes(comparison: Comparison) -> None:
    """Recall of bacterial and of viral pneumonia, where the names of the images tell."""
    recalls = {
        label: {name: (e.value, e.low, e.high, e.n_samples) for name, e in evaluation.subtype_recall.items()}
        for label, evaluation in comparison.evaluations.items()
    }
    if any(recalls.values()):
        st.markdown("**Pneumonias found, by kind**")
        figure = abridge(subtype_figure(recalls, comparison.colours), comparison.runs)
        st.plotly_chart(figure, key="compare_subtypes", config=STILL, alt="Recall of bacterial and viral pneumonia")


def _places(n: int) -> list:
    """At least n places in rows of two to four, which keep their order on a phone."""
    width = {1: 2, 2: 2, 4: 4}.get(n, 3)
    return [place for _ in range(0, n, width) for place in st.columns(width)]


def _matrix(comparison: Comparison, label: str, number: int) -> None:
    evaluation = comparison.evaluations[label]
    matrix = evaluation.confusion_matrix
    st.markdown(f"**{label}**, n = {evaluation.n_samples:,}")
    alt = f"Confusion matrix of {label}, rows true, columns called: {matrix.tolist()}"
    st.plotly_chart(confusion_figure(matrix, evaluation.class_names), key=f"compare_matrix_{number}", config=STILL, alt=alt)


def _reach(comparison: Comparison) -> float:
    first, *others = (evaluation.confusion_matrix for evaluation in comparison.evaluations.values())
    return max(float(np.abs(points_changed(first, other)).max()) for other in others)


def _difference(comparison: Comparison, first: str, label: str, number: int) -> None:
    a, b = comparison.evaluations[first], comparison.evaluations[label]
    st.markdown(f"**{label}** minus **{first}**, n = {b.n_samples:,}")
    figure = confusion_difference_figure(a.confusion_matrix, b.confusion_matrix, b.class_names, _reach(comparison))
    alt = f"Confusion matrix of {label} minus that of {first}: {(b.confusion_matrix - a.confusion_matrix).tolist()}"
    st.plotly_chart(figure, key=f"compare_matrix_difference_{number}", config=STILL, alt=alt)
