"""What is gained when a reader takes the films that a run is least sure of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np
import pandas as pd
import streamlit as st

from core.errors import InputError
from core.input_checks.unlikeness import unlikeness_of
from core.metrics.statistics.intervals import interval_text
from core.metrics.subgroups.referral import referral_curve
from core.runs.identity.letters import letter_of
from core.runs.run import Run
from dashboard.components.after_paint import painted
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.tables.metrics_table import title_of
from dashboard.components.compare.tables.sortable_numbers import as_text, told
from dashboard.components.compare.tables.table_export import export_button
from dashboard.components.query_params import preset
from dashboard.components.stacked_table import show_stacked
from dashboard.figures.referral import referral_figure

RATES = ("accuracy", "sensitivity", "specificity")
TOLD, MOST = (0.0, 0.1, 0.2, 0.3), 0.5  # shares in the table; the largest in the figure
HOW = {
    True: "Films whose score is nearest the threshold, on the scale of log-odds, go first.",
    False: "Films whose two most probable classes are nearest each other go first.",
}
FIRST = {"sure": "Least sure", "unlike": "Least like the training films"}
UNLIKE = (
    "Films least like those that the run was trained on go first: the largest of its distances to them (outlines, layout, texture and the "
    "model's features), each over the limit beyond which Inspect warns."
)
UNMEASURED = "How unlike its training films each test film is, was not measured for {}"
MEASURE = ": `python -m core reference RUN --data DATA` does it."
CANNOT = ", and cannot be: a model of its own is needed, which is not here."


def show_referral(comparison: Comparison, key: str = "compare_referral") -> None:
    """A section that is folded at first."""
    box = st.expander(
        "Hand the least sure films to a reader", key=key, on_change="rerun", bind="query-params", icon=":material/person_search:"
    )
    if not box.open:
        return
    with box:
        rates = RATES if comparison.binary else RATES[:1]
        with st.container(horizontal=True):
            first, rate = _first(f"{key}_first"), _rate(f"{key}_rate", rates)
        orders = _unlikeness(comparison) if first == "unlike" else {}
        if first == "unlike":
            _say_unmeasured({label: run for label, run in comparison.runs.items() if label not in orders})
        if first == "unlike" and not orders:
            return
        curves = _curves(comparison.key, tuple(comparison.thresholds.values()), _digest(orders), comparison, orders)
        if painted("the referral curves"):
            lines = {label: _line(curve, rate) for label, curve in curves.items()}
            st.plotly_chart(
                referral_figure(lines, comparison.colours, title_of(rate)), key=f"{key}_figure",
                alt=f"{title_of(rate)} on the films kept, by the share handed over; the table below has figures.",
            )  # fmt: skip
        table = referral_table(curves, rate)
        show_stacked(as_text(table), f"{title_of(rate)} on the films kept by share handed over")
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(
                f"{UNLIKE if orders else HOW[comparison.binary]} Rates are of the films that the run keeps; bands and brackets: 95 % "
                "interval (Wilson), n: films that the rate counts.",
                width=820,
            )
            export_button(pd.concat([curve.assign(run=label) for label, curve in curves.items()]), table, "referral")


def _first(key: str) -> str:
    """Which films are handed over first, as asked."""
    preset(key, list(FIRST), "sure")
    return st.segmented_control("Handed over first", list(FIRST), key=key, required=True, format_func=FIRST.get, bind="query-params")


def _rate(key: str, rates: Sequence[str]) -> str:
    """The rate that is looked at, asked for where there are several."""
    if len(rates) == 1:
        return rates[0]
    preset(key, list(rates), rates[0])
    return st.segmented_control("Rate", list(rates), key=key, required=True, format_func=title_of, bind="query-params")


def _unlikeness(comparison: Comparison) -> dict[str, np.ndarray]:
    """By label, how unlike a run's training films the films compared are; without the runs of which it is not known of every film."""
    found = {}
    for label, run in comparison.runs.items():
        with suppress(InputError):
            known = unlikeness_of(run)
            values = None if known is None else known.reindex(comparison.panel.sample_ids).to_numpy()
            if values is not None and np.isfinite(values).all():
                found[label] = values
    return found


def _say_unmeasured(without: Mapping[str, Run]) -> None:
    """Which runs are left out of the order by unlikeness, and what to do about it where something can be done."""
    able = {label for label, run in without.items() if run.model_path.exists() and not run.config.members}
    for labels, what in (
        ([label for label in without if label in able], MEASURE),
        ([label for label in without if label not in able], CANNOT),
    ):
        if labels:
            st.info(UNMEASURED.format(", ".join(map(letter_of, labels))) + what, icon=":material/straighten:")


def _digest(orders: Mapping[str, np.ndarray]) -> str:
    return hashlib.blake2b(repr([(label, values.tobytes()) for label, values in orders.items()]).encode(), digest_size=8).hexdigest()


def referral_table(curves: dict[str, pd.DataFrame], rate: str) -> pd.DataFrame:
    """A line for each run: its rate with 0, 10, 20 and 30 % of the films handed over."""
    rows = {label: [curve.iloc[(curve["share"] - share).abs().argmin()] for share in TOLD] for label, curve in curves.items()}
    columns = {"Run": list(curves)}
    for place, share in enumerate(TOLD):
        lines = [points[place] for points in rows.values()]
        texts = [
            f"{one[rate]:.3f} ({interval_text(one[f'{rate}_low'], one[f'{rate}_high'])}), n = {one[f'{rate}_n']:,.0f}" for one in lines
        ]
        columns[f"{100 * share:.0f} % handed over" if share else "None"] = told(
            [one[rate] for one in lines], [t.replace("nan (–)", "–") for t in texts]
        )
    return pd.DataFrame(columns)


def _line(curve: pd.DataFrame, rate: str) -> dict[str, list]:
    part = curve[(curve["share"] <= MOST) & (curve[f"{rate}_n"] > 0)]
    names = {"share": "share", "n_kept": "n_kept", "value": rate, "low": f"{rate}_low", "high": f"{rate}_high", "n": f"{rate}_n"}
    return {name: part[column].tolist() for name, column in names.items()}


@st.cache_data(max_entries=100, show_spinner=False)
def _curves(key: tuple, cuts: tuple, digest: str, _comparison: Comparison, _orders: Mapping[str, np.ndarray]) -> dict[str, pd.DataFrame]:
    """By label, the referral curve; with `_orders` only of the runs that are in it, their largest values handed over first."""
    panel, order = _comparison.panel, {label: -values for label, values in _orders.items()}
    return {
        label: referral_curve(panel.y_true, scores, _comparison.thresholds[name], order.get(label))
        for label, name, scores in zip(_comparison.runs, panel.names, panel.scores, strict=True)
        if label in order or not order
    }
