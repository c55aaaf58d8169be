"""Images on which runs are right or wrong: a table of how many, each cell of which opens its images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.metrics.verdicts import Verdicts, verdicts_of
from dashboard.components.address import preset
from dashboard.components.case_gallery import show_cases
from dashboard.components.comparison import Comparison
from dashboard.components.table_selection import selection_key

ALL = "All images"
TITLES = {"all": ALL}
ROW = "Among"


def show_disagreements(comparison: Comparison, key: str) -> None:
    """Counts by kind of image and by who is right; the images of the cell chosen, surest error first."""
    answers = verdicts_of(comparison.panel, comparison.thresholds)
    divided = parts(answers, comparison.letters)
    among = {TITLES.get(name, name.capitalize()): mask for name, mask in answers.kinds().items()}
    counts = agreement_counts(divided, among)
    preset(f"{key}_kind", list(divided), _first_difference(counts))
    preset(f"{key}_among", list(among), ALL)
    _show_counts(counts, key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.segmented_control("Images where", list(divided), key=f"{key}_kind", required=True, wrap=True, bind="query-params")
        kind = st.segmented_control(ROW, list(among), key=f"{key}_among", required=True, wrap=True, bind="query-params")
    file_name = f"{part}-{kind}".lower().replace(", ", "-").replace(" ", "-")
    show_cases(answers, answers.ordered(divided[part] & among[kind]), comparison, file_name, key)


def parts(verdicts: Verdicts, letters: Sequence[str]) -> dict[str, np.ndarray]:
    """Images by who is right, the parts of a whole: what each is called, and a mask of shape (n_samples,).

    The first part is where all runs are right, the last where all are wrong.
    """
    correct = verdicts.correct
    if len(letters) == 1:
        return {"Right": correct[0], "Wrong": ~correct[0]}
    if len(letters) == 2:
        a, b = letters
        mixed = {f"{a} right, {b} wrong": correct[0] & ~correct[1], f"{a} wrong, {b} right": ~correct[0] & correct[1]}
        return {"Both right": correct.all(axis=0)} | mixed | {"Both wrong": ~correct.any(axis=0)}
    n_wrong = (~correct).sum(axis=0)
    alone = {f"Only {letter} wrong": (n_wrong == 1) & ~correct[number] for number, letter in enumerate(letters)}
    several = (n_wrong > 1) & (n_wrong < len(letters))
    return {"All right": n_wrong == 0} | alone | {"Several wrong": several, "All wrong": n_wrong == len(letters)}


def agreement_counts(divided: Mapping[str, np.ndarray], among: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """How many images: a row for each kind of image, a column for each part and ``n`` for all of them."""
    rows = [{ROW: kind, "n": int(mask.sum())} | {part: int((mask & chosen).sum()) for part, chosen in divided.items()}
            for kind, mask in among.items()]  # fmt: skip
    return pd.DataFrame(rows)


def _show_counts(counts: pd.DataFrame, key: str) -> None:
    """The table, its chosen cell marked; a click on another cell chooses that."""
    row, column = counts.index[counts[ROW] == st.session_state[f"{key}_among"]][0], st.session_state[f"{key}_kind"]
    cell = (int(row), column)
    columns = {name: st.column_config.NumberColumn(format="localized") for name in counts.columns[1:]}
    columns[ROW] = st.column_config.TextColumn(pinned=True)
    table_key = selection_key(f"{key}_counts_selection", "cells", [cell])
    with st.container(key=f"{key}_counts"):
        st.dataframe(
            counts, hide_index=True, key=table_key, selection_mode="single-cell", selection_default={"selection": {"cells": [cell]}},
            on_select=lambda: _follow(counts, key, table_key, cell), column_config=columns,
            alt="Number of images by kind and by who is right",
        )  # fmt: skip
    st.caption("Click a number to see its images.")


def clicked(cells: Sequence[tuple[int, str]], counts: pd.DataFrame) -> tuple[str | None, str | None]:
    """The part and the kind of image that a click on a count means; no part for a click on a total, nothing for none."""
    for row, column in cells:
        return (column if column not in (ROW, "n") else None), counts[ROW].iloc[row]
    return None, None


def _follow(counts: pd.DataFrame, key: str, table_key: str, marked: tuple[int, str]) -> None:
    cells = st.session_state[table_key]["selection"]["cells"]
    if cells == [marked]:  # the browser repeats what it was given, maybe after the reader chose anew elsewhere
        return
    part, kind = clicked(cells, counts)
    if part:
        st.session_state[f"{key}_kind"] = part
    if kind:
        st.session_state[f"{key}_among"] = kind


def _first_difference(counts: pd.DataFrame) -> str:
    """The first part in which some run is wrong and that holds images."""
    wrong = counts.columns[3:]
    return next((name for name in wrong if counts[name].iloc[0]), wrong[0])
