"""Choose the operating point: the threshold above which an image is called pneumonia."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from core.metrics.evaluation import Evaluation
from core.metrics.operating import Match, Point
from dashboard.components.address import preset

CUSTOM, MATCHED = "Custom", "Same sensitivity"
POINTS = {
    "Recommended": "recommended",
    "0.5": "half",
    "Youden": "youden",
    "Sensitivity ≥ 95 %": "sensitivity_95",
    MATCHED: "matched",
    CUSTOM: "custom",
}
HELP = """From which probability on an image is called pneumonia.
- **Recommended**: what each run's card recommends, chosen on its validation images
- **0.5**: the naive choice
- **Youden**: largest sensitivity + specificity on validation
- **Sensitivity ≥ 95 %**: best specificity that still finds 95 % of the pneumonias on validation
- **Same sensitivity**: each run its own threshold, so that all find the same share of the test pneumonias
- **Custom**: one threshold for all runs"""


def pick_operating_point(key: str, n_classes: int, rules: Collection[str]) -> Point:
    """A point for `core.metrics.operating.thresholds_at`; more than two classes have nothing to choose.

    Parameters
    ----------
    key : str
    n_classes : int
    rules : collection of str
        The rules that every run has; the others are not offered.
    """
    if n_classes != 2:
        with st.container(key=key):
            st.caption(f"Operating point: with {n_classes} classes the largest probability decides, so there is no threshold to choose.")
        return "recommended"
    offered = {label: point for label, point in POINTS.items() if point in rules or label in (CUSTOM, MATCHED)}
    preset(key, offered, next(iter(offered)), {value: label for label, value in POINTS.items()})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        label = st.segmented_control("Operating point", list(offered), key=key, required=True, help=HELP, wrap=True, bind="query-params")
        if label == CUSTOM:
            return st.slider("Threshold", 0.0, 1.0, 0.5, 0.01, key=f"{key}_threshold", bind="query-params", width=320)
        if label == MATCHED:
            name, key = "Share of pneumonias found, %", f"{key}_sensitivity"
            return Match(st.slider(name, 50.0, 100.0, 95.0, 0.5, format="%.1f", key=key, bind="query-params", width=320) / 100)
    return POINTS[label]


def operating_rates(evaluations: Mapping[str, Evaluation]) -> dict[str, dict[str, float]]:
    """``sensitivity, specificity, precision, threshold`` in use, by label; empty for more than two classes."""
    names = ("sensitivity", "specificity", "precision")
    return {
        label: {name: evaluation.metrics[name].value for name in names} | {"threshold": evaluation.threshold}
        for label, evaluation in evaluations.items()
        if evaluation.threshold is not None
    }
