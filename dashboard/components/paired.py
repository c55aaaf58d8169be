"""Are the runs different, or is it chance? One sentence a pair, and every figure behind it."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import streamlit as st

from core.metrics.comparison import Difference, compare_panel
from core.metrics.estimate import UNDEFINED, in_figures, interval_text
from core.metrics.sentences import p_text, verdict
from dashboard.components.comparison import Comparison
from dashboard.components.metrics_table import title_of
from dashboard.components.table_export import export_button

METHODS = """Counts are tested by McNemar's exact test, the ROC AUC by a bootstrap over patients (above 10,000 images by its large-sample
equivalent) and by DeLong's test, all on the same images. Intervals are of the difference, 95 %, patients drawn whole."""
HOLM = "Holm's correction, for each metric apart, keeps the chance of any false finding among all pairs at 5 %."


def show_differences(comparison: Comparison) -> None:
    """Each run against the first in a sentence; every pair in a table one click away."""
    found = _differences(comparison.key, tuple(comparison.thresholds.values()), comparison)
    first, *others = comparison.panel.names
    for name in others:
        pair = [difference for difference in found if (difference.a, difference.b) == (first, name)]
        st.markdown(f"- {verdict(pair, f'**{comparison.label(first)}**', f'**{comparison.label(name)}**')}")
    n_pairs = len(list(combinations(comparison.panel.names, 2)))
    title = "The figures behind this" if n_pairs == 1 else f"All {n_pairs} pairs, corrected for comparing several"
    box = st.expander(title, key="compare_pairs", on_change="rerun", bind="query-params")
    if box.open:
        with box:
            _show_table(found, comparison, n_pairs)


def differences_table(found: list[Difference], comparison: Comparison) -> pd.DataFrame:
    """Differences as a person reads them: ``Pair, Metric, Difference, 95 % interval, p, p (Holm), n, Test, DeLong's test``."""
    rows = []
    for d in found:
        pair = f"{_letter(comparison, d.b)} minus {_letter(comparison, d.a)}"
        row = {
            "Pair": pair,
            "Metric": title_of(d.metric),
            "Difference": in_figures(d.difference, "+.3f"),
            "95 % interval": _interval(d.low, d.high),
        }
        row |= {"p": d.p_value, "p (Holm)": d.p_adjusted, "n": d.n_samples, "Test": d.test}
        delong = "" if d.p_delong is None else _interval(d.low_delong, d.high_delong)
        delong += f", {p_text(d.p_delong)}" if delong not in ("", UNDEFINED) else ""
        rows.append(row | {"DeLong's test": delong})
    return pd.DataFrame(rows)


def _show_table(found: list[Difference], comparison: Comparison, n_pairs: int) -> None:
    table = differences_table(found, comparison)
    number = st.column_config.NumberColumn
    config = {"p": number(format="%.3g"), "p (Holm)": number(format="%.3g", help=HOLM)} if n_pairs > 1 else {"p": number(format="%.3g")}
    shown = table if n_pairs > 1 else table.drop(columns="p (Holm)")
    st.dataframe(shown, hide_index=True, placeholder=UNDEFINED, column_config=config, alt="Paired differences with intervals and p-values")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{METHODS} {HOLM if n_pairs > 1 else ''}", width=820)
        export_button(pd.DataFrame([vars(difference) for difference in found]), shown, "differences")


def _letter(comparison: Comparison, name: str) -> str:
    return comparison.letters[comparison.panel.names.index(name)]


def _interval(low: float, high: float) -> str:
    return interval_text(low, high, "+.3f", " to ")


@st.cache_data(max_entries=200, show_spinner=False)
def _differences(key: tuple, thresholds: tuple, _comparison: Comparison) -> list[Difference]:
    return compare_panel(_comparison.panel, _comparison.thresholds)
