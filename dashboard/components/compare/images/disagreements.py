"""Images on which runs are right or wrong: a table of how many, each cell of which opens its images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from core.counted import class_words
from core.metrics.per_image import Verdicts, verdicts_of
from core.text import option
from dashboard.components.chips import bracketed
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.images.case_gallery import show_cases
from dashboard.components.compare.images.film_filter import ANY_ANSWER, MOST_CONFIDENT, narrow
from dashboard.components.compare.runs.lettered_choice import choose_lettered
from dashboard.components.compare.tables.table_selection import selection_key
from dashboard.components.query_params import preset

ALL, ANY = "All images", "Any disagreement"
TITLES = {"all": ALL}
ROW = "Among"
ALL_RIGHT = ("Right", "Both right", "All right")
GAP, ERROR = "Largest gap of scores", MOST_CONFIDENT
ORDER_HELP = """- **Largest gap of scores**: where the runs' probabilities are furthest apart
- **Most confident error**: where a run is wrong and surest of it"""


def show_disagreements(comparison: Comparison, key: str) -> None:
    """Counts by kind of image and by who is right; the images of the cell chosen, those first that the runs disagree on most."""
    answers = verdicts_of(comparison.panel, comparison.thresholds)
    divided = choices(answers, comparison.letters)
    only = narrow(comparison.panel, key)
    among = {kind_title(name): mask if only is None else mask & only for name, mask in answers.kinds().items()}
    counts = agreement_counts(divided, among)
    every = {ANY_ANSWER: np.ones(comparison.panel.n_samples, dtype=bool)}
    offered = divided | _asked(every | calls(answers, comparison.letters), f"{key}_kind")
    first = _first_difference(counts)
    preset(f"{key}_kind", list(offered), first)
    preset(f"{key}_among", list(among), ALL)
    _show_counts(counts, key, comparison)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = choose_lettered("Images where", list(offered), f"{key}_kind", first, comparison.colours)
        kind = st.segmented_control(ROW, list(among), key=f"{key}_among", required=True, wrap=True, format_func=option, bind="query-params")
        by_gap = len(comparison.runs) > 1 and _pick_order(f"{key}_order") == GAP
    file_name = f"{part}-{kind}".lower().replace(", ", "-").replace(" ", "-")
    order = "the largest gap of scores first" if by_gap else ""
    show_cases(answers, answers.ordered(offered[part] & among[kind], by_gap), comparison, file_name, key, order)


def kind_title(name: str) -> str:
    """What a kind of image is called: ``All images``, ``Normal``."""
    return TITLES.get(name, class_words(name, begins=True))


def called(letter: str, class_name: str) -> str:
    """What the images are called that a run gives a class: ``A calls pneumonia``."""
    return f"{letter} calls {class_words(class_name)}"


def choices(answers: Verdicts, letters: Sequence[str]) -> dict[str, np.ndarray]:
    """The images that runs disagree on, if there are several runs, then the `parts` by who is right."""
    return ({ANY: answers.differ} if len(letters) > 1 else {}) | parts(answers, letters)


def calls(answers: Verdicts, letters: Sequence[str]) -> dict[str, np.ndarray]:
    """The images that each run gives each class: masks of shape (n_samples,)."""
    return {
        called(letter, name): answers.y_pred[row] == class_id
        for row, letter in enumerate(letters)
        for class_id, name in enumerate(answers.class_names)
    }


def _asked(found: Mapping[str, np.ndarray], key: str) -> dict[str, np.ndarray]:
    """Of what a cell of a confusion matrix or a link may ask for, what is asked for now; not all of it is offered at once."""
    wanted = st.session_state.get(key) or st.query_params.get(key)
    return {wanted: found[wanted]} if wanted in found else {}


def _pick_order(key: str) -> str:
    preset(key, (GAP, ERROR), GAP)
    return st.segmented_control("Sorted by", [GAP, ERROR], key=key, required=True, wrap=True, help=ORDER_HELP, bind="query-params")


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


def _show_counts(counts: pd.DataFrame, key: str, comparison: Comparison) -> None:
    """The table, its chosen cell marked; a click on another cell chooses that."""
    row, column = counts.index[counts[ROW] == st.session_state[f"{key}_among"]][0], st.session_state[f"{key}_kind"]
    cells = [(int(row), column)] if column in counts else []
    number = st.column_config.NumberColumn
    columns = {name: number(bracketed(name, comparison.runs), format="localized") for name in counts.columns[1:]}
    columns[ROW] = st.column_config.TextColumn(pinned=True)
    table_key = selection_key(f"{key}_counts_selection", "cells", cells)
    with st.container(key=f"{key}_counts"):
        st.dataframe(
            counts, hide_index=True, key=table_key, selection_mode="single-cell", selection_default={"selection": {"cells": cells}},
            on_select=lambda: _follow(counts, key, table_key, cells), column_config=columns,
            alt="Number of images by kind and by who is right",
        )  # fmt: skip
    st.caption("Click a number to see its images.")


def clicked(cells: Sequence[tuple[int, str]], counts: pd.DataFrame) -> tuple[str | None, str | None]:
    """The part and the kind of image that a click on a count means; no part for a click on a total, nothing for none."""
    for row, column in cells:
        return (column if column not in (ROW, "n") else None), counts[ROW].iloc[row]
    return None, None


def _follow(counts: pd.DataFrame, key: str, table_key: str, marked: list[tuple[int, str]]) -> None:
    cells = st.session_state[table_key]["selection"]["cells"]
    if cells == marked:  # the browser repeats what it was given, maybe after the reader chose anew elsewhere
        return
    part, kind = clicked(cells, counts)
    if part:
        st.session_state[f"{key}_kind"] = part
    if kind:
        st.session_state[f"{key}_among"] = kind


def _first_difference(counts: pd.DataFrame) -> str:
    """Any disagreement; where there is none, or one run alone, the first part in which some run is wrong and that holds images."""
    wrong = [name for name in counts.columns[2:] if name not in ALL_RIGHT]
    return next((name for name in wrong if counts[name].iloc[0]), wrong[0])
