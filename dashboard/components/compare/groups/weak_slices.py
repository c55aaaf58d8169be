"""Weakest slices of a run: films told by one fact or two in which it errs most, found on validation and held against test."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.counted import class_words
from core.datasets import Dataset
from core.errors import InputError
from core.metrics.comparison_text import SIGNIFICANT, p_text
from core.metrics.panel import Panel, collapse, solo
from core.metrics.renaming import renamed
from core.metrics.run_threshold import predict_labels
from core.metrics.statistics.intervals import UNDEFINED
from core.metrics.subgroups.slices import LEAST, N_PERMUTATIONS, Slices, confirm, weakest
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.groups.known_facts import UNKNOWN, all_known, images_of
from dashboard.components.compare.images.film_filter import address_of, films_table, part_title
from dashboard.components.compare.runs.lettered_choice import choose_lettered
from dashboard.components.compare.tables.paired_tests import p_alone
from dashboard.components.compare.tables.sortable_numbers import told
from dashboard.components.compare.tables.table_export import export_button
from dashboard.components.markdown import plain

VERDICT = "On test"
METHOD = (
    "Each class is searched by itself: films of one fact, and of two facts that together say more than each alone, at least {least} films. "
    "p: Fisher's exact test, one-sided, corrected for all {n:,} slices searched by letting whole patients exchange their errors {draws:,} "
    "times (Westfall and Young's minP). Only slices that are more than chance on validation are tested on test, corrected by Holm; "
    "nothing was chosen there. Click a line to see its test films."
)


def show_weak_slices(comparison: Comparison, target: str, key: str = "compare_slices") -> None:
    """A section that is folded at first; `target` begins the keys of the gallery that a click narrows."""
    box = st.expander("Weakest slices", key=key, on_change="rerun", bind="query-params", icon=":material/troubleshoot:")
    if not box.open:
        return
    with box:
        label = _pick_run(comparison, f"{key}_run")
        try:
            validation = _validation(comparison, label)
        except InputError:
            st.info(
                f"{plain(label)} has no scores of validation films. Slices are searched there, not on test, so there is nothing to search."
            )
            return
        dataset = images_of(pd.concat([validation.sample_ids, comparison.panel.sample_ids]))
        if dataset is None:
            st.info(UNKNOWN)
            return
        _show(comparison, label, validation, dataset, target, key)


def _pick_run(comparison: Comparison, key: str) -> str:
    labels = dict(zip(comparison.letters, comparison.runs, strict=True))
    if len(labels) == 1:
        return next(iter(labels.values()))
    return labels[choose_lettered("Run", list(labels), key, next(iter(labels)), comparison.colours, labels)]


def _validation(comparison: Comparison, label: str) -> Panel:
    """The run's validation scores, with the classes that the comparison shows."""
    run = comparison.runs[label]
    scored = solo(run, "val")
    return renamed(collapse(scored) if run.name in comparison.panel.collapsed else scored, comparison.panel)


def _show(comparison: Comparison, label: str, validation: Panel, dataset: Dataset, target: str, key: str) -> None:
    run = comparison.runs[label].name
    cut = comparison.thresholds[run]
    found, on_test = _searched((comparison.key, run, cut, dataset.digest), comparison, run, validation, dataset)
    n_wrong = int((predict_labels(validation.scores[0], cut) != validation.y_true).sum())
    where = f"{n_wrong:,} of {validation.n_samples:,} validation films called wrong"
    if found.table.empty:
        st.info(f"{where[0].upper()}{where[1:]}: no slice of at least {LEAST} films has more of them than the other films of its class.")
        return
    facts = all_known(dataset)
    table = slices_table(found, on_test, facts, comparison.panel.class_names)
    st.markdown(_headline(found, on_test, where))
    rows = found.table.itertuples()
    addresses = [address_of(row.parts, comparison.panel.class_names[row.class_id]) for row in rows]
    films_table(table, addresses, target, key, "Slices of films with more errors than elsewhere, the least likely by chance first", 440)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        cut_short = " There were more slices than could be tried; pairs of the last facts are missing." if found.cut else ""
        st.caption(METHOD.format(least=LEAST, n=found.n_searched, draws=N_PERMUTATIONS) + cut_short, width=820)
        numbers = pd.concat([found.table.drop(columns="parts"), on_test.add_prefix("test_")], axis=1)
        export_button(numbers.assign(films=table["Films"]), table, "weakest-slices")


def slices_table(found: Slices, on_test: pd.DataFrame, facts: dict, class_names: tuple[str, ...]) -> pd.DataFrame:
    """A line for each slice: which films, how many are called wrong on validation and elsewhere there, p, and the same on test."""
    rows = found.table
    return pd.DataFrame({
        "Films": [_title(row, facts, class_names) for row in rows.itertuples()],
        "Wrong on validation": _rates(rows),
        "Elsewhere in the class": told(rows["rate_elsewhere"], [f"{100 * rate:.1f} %" for rate in rows["rate_elsewhere"]]),
        "p": told(rows["p_adjusted"], map(p_alone, rows["p_adjusted"])),
        "Wrong on test": _rates(on_test),
        "Elsewhere on test": told(
            on_test["rate_elsewhere"], [UNDEFINED if rate != rate else f"{100 * rate:.1f} %" for rate in on_test["rate_elsewhere"]]
        ),
        VERDICT: [_verdict(row) for row in on_test.itertuples()],
    })  # fmt: skip


def _rates(rows: pd.DataFrame) -> pd.Series:
    """``6 of 27, 22 %``, told as its rate."""
    texts = [f"{row.n_wrong:,} of {row.n:,}" + (f", {100 * row.rate:.0f} %" if row.n else "") for row in rows.itertuples()]
    return told(rows["rate"], texts)


def _title(row, facts: dict, class_names: tuple[str, ...]) -> str:
    parts = [part_title(facts[by].title, facts[by].names[group]) for by, group in row.parts]
    return f"{class_words(class_names[row.class_id], begins=True)}: {' + '.join(parts)}"


def _verdict(row) -> str:
    if not row.verdict:
        return "not tested"
    return f"{row.verdict} ({p_text(row.p_adjusted)})" if row.p_adjusted == row.p_adjusted else row.verdict


def _headline(found: Slices, on_test: pd.DataFrame, where: str) -> str:
    unlikely = int((found.table["p_adjusted"] < SIGNIFICANT).sum())
    if not unlikely:
        return f"{where[0].upper()}{where[1:]}. None of the slices below is worse than chance makes the worst of {found.n_searched:,}."
    confirmed = int((on_test["verdict"] == "confirmed").sum())
    noun = "slice is" if unlikely == 1 else "slices are"
    return (
        f"{where[0].upper()}{where[1:]}. **{unlikely} {noun} worse than chance** among {found.n_searched:,} searched; "
        f"**{confirmed or 'none'} confirmed** on test."
    )


@st.cache_data(max_entries=50, show_spinner="Searching facts and pairs of facts …")
def _searched(key: tuple, _comparison: Comparison, _run: str, _validation: Panel, _dataset: Dataset) -> tuple[Slices, pd.DataFrame]:
    facts, cut = all_known(_dataset), _comparison.thresholds[_run]
    test = _comparison.panel
    there, here = ({by: one.codes(panel.sample_ids, stated=True) for by, one in facts.items()} for panel in (_validation, test))
    found = weakest(_wrong(_validation, 0, cut), _validation.y_true, _validation.patients.codes, there)
    return found, confirm(found.table, _wrong(test, test.names.index(_run), cut), test.y_true, here)


def _wrong(panel: Panel, row: int, cut: float | None) -> np.ndarray:
    return predict_labels(panel.scores[row], cut) != panel.y_true
