"""What the errors cost, and what a positive result means where pneumonia is rarer or more common than among the test images."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.figures.decision_curve import decision_curve_figure
from core.figures.many_runs import abridge
from core.metrics.decision_curve import cost_per_100, decision_curve, predictive_values
from core.metrics.statistics.intervals import Estimate, with_interval
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.tables.sortable_numbers import shown as sortable
from dashboard.components.compare.tables.sortable_numbers import told
from dashboard.components.compare.tables.table_export import export_button

WEIGHT = 10.0
EXPLANATION = """The threshold probability is how sure one must be before acting. Net benefit counts found pneumonias and takes off false
alarms at the rate at which one would trade them: acting at 20 % means that four false alarms are worth one pneumonia found. A model is of
use where its line lies above both grey ones."""


def weight_and_prevalence(comparison: Comparison, key: str) -> tuple[float, float | None]:
    """What `show_consequences` was last given: the weight of a missed case, and the prevalence, None for that of the test images."""
    percent = st.session_state.get(f"{key}_prevalence")
    unchanged = percent is None or percent == _observed_percent(comparison)
    return st.session_state.get(f"{key}_weight") or WEIGHT, None if unchanged else percent / 100


def show_consequences(comparison: Comparison, key: str) -> None:
    """Cost, predictive values and decision curves, for a weight and a prevalence of the reader's choice; two classes only."""
    observed = _observed_percent(comparison)
    left, right = st.columns(2)
    left.number_input(
        "One missed pneumonia is worth how many false alarms?", 0.1, 1000.0, WEIGHT, 1.0, format="%g", key=f"{key}_weight",
        bind="query-params",
    )  # fmt: skip
    right.number_input(
        f"Prevalence of pneumonia in your practice, % (test images: {observed})", 0.1, 99.9, observed, 1.0, format="%.1f",
        key=f"{key}_prevalence", bind="query-params",
    )  # fmt: skip
    weight, chosen = weight_and_prevalence(comparison, key)
    if len(np.unique(comparison.panel.y_true)) < 2:
        st.info("Not defined: costs and predictive values need test images of both classes.", icon=":material/info:")
        return
    prevalence = chosen or float((comparison.panel.y_true == 1).mean())
    numbers = pd.DataFrame([_row(label, evaluation, weight, prevalence) for label, evaluation in comparison.evaluations.items()])
    table = _written(numbers)
    st.dataframe(
        sortable(table),
        hide_index=True,
        placeholder="–",
        column_config=_columns(weight),
        alt=f"Cost and predictive values at a prevalence of {100 * prevalence:.1f} %",
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_caption(prevalence, chosen is None), width="content")
        export_button(numbers, table, "consequences")
    curves = dict(zip(comparison.runs, _curves(comparison.key, prevalence, comparison), strict=True))
    figure = abridge(decision_curve_figure(curves, comparison.colours, 1 / (1 + weight)), comparison.runs)
    st.plotly_chart(figure, key=f"{key}_decision", config={"displayModeBar": False}, alt=f"Decision curves of {', '.join(curves)}")
    st.caption(EXPLANATION)


def _caption(prevalence: float, own: bool) -> str:
    if own:
        of = f"At the prevalence of the test images, {100 * prevalence:.1f} %"
        return f"{of}: the PPV is the precision above. In brackets: 95 % interval (Wilson)."
    return f"At a prevalence of {100 * prevalence:.1f} %, taken as known. In brackets: 95 % interval (Mercaldo et al. 2007)."


def _observed_percent(comparison: Comparison) -> float:
    """Share of pneumonia among the test images, %, within what can be chosen."""
    return min(max(round(100 * float((comparison.panel.y_true == 1).mean()), 1), 0.1), 99.9)


def _row(label: str, evaluation, weight: float, prevalence: float) -> dict:
    (_, false_alarms), (missed, _) = evaluation.confusion_matrix
    found = predictive_values(evaluation, prevalence)
    values = {name: (one.value, one.low, one.high) for name, one in (("PPV", found["ppv"]), ("NPV", found["npv"]))}
    return {
        "Run": label,
        "Missed": int(missed),
        "False alarms": int(false_alarms),
        "Cost": cost_per_100(evaluation, weight, prevalence),
    } | {f"{name}{end}": value for name, three in values.items() for end, value in zip(("", "_low", "_high"), three, strict=True)}


def _written(numbers: pd.DataFrame) -> pd.DataFrame:
    """The table as it reads, the ends of its intervals beside their values."""
    table = numbers.drop(columns=[f"{name}_{end}" for name in ("PPV", "NPV") for end in ("low", "high")])
    for name in ("PPV", "NPV"):
        ends = zip(numbers[name], numbers[f"{name}_low"], numbers[f"{name}_high"], strict=True)
        table[name] = told(numbers[name], [with_interval(Estimate(*three, 0)) for three in ends])
    return table


def _columns(weight: float) -> dict:
    column = st.column_config
    return {
        "Missed": column.NumberColumn("Missed (test)", help="Pneumonias among the test images called normal."),
        "False alarms": column.NumberColumn("False alarms (test)", help="Normal test images called pneumonia."),
        "Cost": column.NumberColumn(
            "Cost per 100 images ↓", format="%.1f", help=f"In false alarms: each missed pneumonia counts {weight:g}, each false alarm one."
        ),
        "PPV": column.NumberColumn(help="How likely a child called ill is ill, at the prevalence chosen (positive predictive value)."),
        "NPV": column.NumberColumn(
            help="How likely a child called healthy is healthy, at the prevalence chosen (negative predictive value)."
        ),
    }


@st.cache_data(max_entries=32, show_spinner=False)
def _curves(key: tuple, prevalence: float, _comparison: Comparison) -> list[pd.DataFrame]:
    panel = _comparison.panel
    return [decision_curve(panel.y_true, scores[:, 1], prevalence) for scores in panel.scores]
