"""Are the runs different, or is it chance? One sentence a pair, the largest difference first, and every figure behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

import pandas as pd
import streamlit as st

from core.metrics.comparison import Difference, compare_panel
from core.metrics.comparison_text import by_size, corrected_interval, p_text, verdict
from core.metrics.statistics.intervals import UNDEFINED, in_figures
from core.runs.identity import read_about
from core.runs.identity.letters import letter_of
from dashboard.components.chips import with_chips
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.runs.lettered_choice import choose_lettered
from dashboard.components.compare.tables.metrics_table import title_of
from dashboard.components.compare.tables.sortable_numbers import shown as sortable
from dashboard.components.compare.tables.sortable_numbers import told
from dashboard.components.compare.tables.table_export import export_button
from dashboard.components.markdown import plain

EVERY = "All pairs"
MARKS = ("\ue000", "\ue001")  # stand for the labels of two runs
FIRST = 5  # sentences that stand there before the others are asked for
METHODS = """Counts: McNemar's exact test. ROC AUC: DeLong's test with the images of a patient kept together (Obuchowski 1997). All on the
same images. Intervals: 95 %, of the paired difference, by patient."""
HOLM = """Each metric is compared {} times, so p-values are corrected by Holm's method, which keeps the chance of any false finding
among them at 5 %, and each interval has the level at which its pair is tested."""


def show_differences(comparison: Comparison, key: str = "compare_verdicts") -> None:
    """Any two runs in a sentence, the pairs with the largest difference in ROC AUC first; every figure one click away."""
    found = _differences(comparison.key, tuple(comparison.thresholds.values()), comparison)
    sentences = _sentences(found, comparison, _pick_run(key, comparison))
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences[:FIRST]))
    if rest := sentences[FIRST:]:
        with st.expander(f"{len(rest)} more {'pair' if len(rest) == 1 else 'pairs'}, with smaller differences"):
            st.markdown("\n".join(f"- {sentence}" for sentence in rest))
    n_pairs = comb(len(comparison.panel.names), 2)
    if n_pairs > 1:
        st.caption(f"Largest difference in ROC AUC first. p-values and intervals are corrected for {n_pairs} comparisons.")
    title = "The figures behind this" if n_pairs == 1 else f"The figures of all {n_pairs} pairs, corrected for comparing several"
    box = st.expander(title, key="compare_pairs", on_change="rerun", bind="query-params")
    if box.open:
        with box:
            _show_table(found, comparison, n_pairs)


def differences_table(found: Sequence[Difference], comparison: Comparison) -> pd.DataFrame:
    """Differences as a person reads them: ``Pair, Metric, Difference, 95 % interval, p, Images, Test``; corrected where several are."""
    rows = []
    for d in found:
        rows.append({
            "Pair": f"[{_letter(comparison, d.b)}] − [{_letter(comparison, d.a)}]",
            "Metric": title_of(d.metric),
            "Difference": d.difference,
            "95 % interval": corrected_interval(d),
            "p": d.p_adjusted,
            "Images": d.n_samples,
            "Test": d.test,
        })  # fmt: skip
    table = pd.DataFrame(rows)
    differences = told(table["Difference"], (in_figures(value, "+.3f") for value in table["Difference"]))
    return table.assign(Difference=differences, p=told(table["p"], map(p_alone, table["p"])))


def p_alone(p_value: float) -> str:
    """``0.31`` or ``< 0.001``, as a column headed p has it."""
    return p_text(p_value).removeprefix("p = ").removeprefix("p ")


def _pick_run(key: str, comparison: Comparison) -> str | None:
    """The letter of a run to see against every other, at first that of the baseline; None for all pairs. Two runs are one pair."""
    if len(comparison.runs) < 3:
        return None
    options = [EVERY, *comparison.letters]
    pinned = [letter_of(label) for label, run in comparison.runs.items() if read_about(run).baseline]
    help = "All pairs, or one run against each other."
    chosen = choose_lettered("Pairs", options, key, [*pinned, EVERY][0], comparison.colours, help=help)
    return None if chosen == EVERY else chosen


def _sentences(found: Sequence[Difference], comparison: Comparison, letter: str | None) -> list[str]:
    return [
        _shown(verdict(of_pair, *MARKS, say_correction=False), comparison.label(a), comparison.label(b), comparison.colours)
        for (a, b), of_pair in by_size(found).items()
        if letter is None or letter in (_letter(comparison, a), _letter(comparison, b))
    ]


def _shown(sentence: str, first: str, second: str, colours: Mapping[str, str]) -> str:
    """A sentence on two runs as Markdown, their labels in bold: what classes are called is text too."""
    shown = plain(sentence)
    for mark, label in zip(MARKS, (first, second), strict=True):
        shown = shown.replace(mark, f"**{plain(label)}**")
    return with_chips(shown, colours)


def _show_table(found: list[Difference], comparison: Comparison, n_pairs: int) -> None:
    table = differences_table([one for of_pair in by_size(found).values() for one in of_pair], comparison)
    explained = f"{METHODS} {HOLM.format(n_pairs)}" if n_pairs > 1 else METHODS
    number, corrected = st.column_config.NumberColumn, f", corrected for {n_pairs} comparisons" if n_pairs > 1 else ""
    config = {
        "Difference": number(help="The first letter less the second: above 0 the first is higher."),
        "95 % interval": st.column_config.TextColumn(help=f"95 % interval of the difference{corrected}."),
        "p": number(help=f"How often chance alone would make a difference at least so large{corrected}."),
        "Images": number(format="localized", help="Test images that the metric counts."),
    }
    st.dataframe(
        sortable(table), hide_index=True, placeholder=UNDEFINED, column_config=config, alt="Paired differences with intervals and p-values"
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(explained, width=820)
        export_button(pd.DataFrame([vars(difference) for difference in found]), table, "differences")


def _letter(comparison: Comparison, name: str) -> str:
    return comparison.letters[comparison.panel.names.index(name)]


@st.cache_data(max_entries=200, show_spinner=False)
def _differences(key: tuple, thresholds: tuple, _comparison: Comparison) -> list[Difference]:
    return compare_panel(_comparison.panel, _comparison.thresholds)
