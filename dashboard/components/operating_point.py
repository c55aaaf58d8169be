"""Choose the operating point: the threshold above which an image is called pneumonia."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.metrics.evaluation import Evaluation
from dashboard.components.address import preset

CUSTOM = "Custom"
POINTS = {
    "Recommended": "recommended",
    "0.5": "half",
    "Youden": "youden",
    "Sensitivity ≥ 95 %": "sensitivity_95",
    CUSTOM: "custom",
}
HELP = """From which probability on an image is called pneumonia.
- **Recommended**: what each run's card recommends, chosen on its validation images
- **0.5**: the naive choice
- **Youden**: largest sensitivity + specificity on validation
- **Sensitivity ≥ 95 %**: best specificity that still finds 95 % of the pneumonias on validation
- **Custom**: one threshold for all runs"""


def pick_operating_point(key: str, n_classes: int) -> str | float:
    """A rule or a number for `dashboard.state.evaluation`; more than two classes have nothing to choose."""
    if n_classes != 2:
        with st.container(key=key):
            st.caption(f"Operating point: with {n_classes} classes the largest probability decides, so there is no threshold to choose.")
        return "recommended"
    preset(key, POINTS, "Recommended", {value: label for label, value in POINTS.items()})
    label = st.segmented_control("Operating point", list(POINTS), key=key, required=True, help=HELP, wrap=True, bind="query-params")
    return _threshold(f"{key}_threshold") if label == CUSTOM else POINTS[label]


def operating_rates(evaluations: Mapping[str, Evaluation]) -> dict[str, dict[str, float]]:
    """``sensitivity, specificity, precision, threshold`` in use, by label; empty for more than two classes."""
    names = ("sensitivity", "specificity", "precision")
    return {
        label: {name: evaluation.metrics[name].value for name in names} | {"threshold": evaluation.threshold}
        for label, evaluation in evaluations.items()
        if evaluation.threshold is not None
    }


def _threshold(key: str) -> float:
    return st.slider("Threshold", 0.0, 1.0, 0.5, 0.01, key=key, bind="query-params", width=400)
