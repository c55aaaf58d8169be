"""Which column of a table of images holds what, asked where the names do not tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.datasets.stamp import stamp
from core.datasets.tables.columns import Naming, TwoColumns, UnclearColumns, key
from core.datasets.tables.listed import find_files
from core.datasets.tables.listing_columns import WANTED, image_columns
from core.datasets.tables.said_columns import SAID, forget_columns, remember_columns
from core.datasets.tables.tabular import as_text, read_tabular
from core.errors import InputError
from core.files.paths import typed_path
from dashboard.components.markdown import plain
from dashboard.opening import open_anew

NONE = "no such column"
PROBLEM = "_columns_problem"
LOOKED_FOR = 1000  # rows in which a file is looked for
QUESTIONS = {
    "path": "Image file",
    "class_name": "Class",
    "split": "Split (train, val or test)",
    "patient_id": "Patient",
}
NEEDED = ("path", "class_name")
HELP = {
    "path": "The path or name of each image's file, from the folder of the table. Without such files there are no pictures.",
    "class_name": "Such as NORMAL and PNEUMONIA, or 0 and 1.",
    "split": "Without one, all images count as train.",
    "patient_id": "Images of one patient are kept on one side of the validation split. Without one, file names are read.",
}


def ask_columns_of(data: str, why: UnclearColumns, then: Callable[[str], None] | None = None) -> None:
    """Select boxes for the columns of a table, and a button that keeps the answer for every page and for trainings.

    Parameters
    ----------
    data : str
        Path of a table.
    why : UnclearColumns
        What it was refused with.
    then : callable of str, optional
        Called with the path once the answer is kept.
    """
    path = typed_path(data)
    table = _read(str(path), stamp(str(path)))
    columns = list(dict.fromkeys(map(str, table.columns)))
    unclear = "has several columns that mean the same and differ" if isinstance(why, TwoColumns) else "does not say what each column holds"
    st.info(f"{plain(path.name)} {unclear}. Choose the columns here:", icon=":material/view_column:")
    places = st.columns(len(QUESTIONS))
    chosen = {ours: _box(place, ours, columns, table) for place, ours in zip(places, QUESTIONS, strict=True)}
    st.dataframe(table.head(3), hide_index=True, alt="The first rows of the table")
    st.button(
        "Use these columns", key="columns_use", type="primary", disabled=any(chosen[ours] is None for ours in NEEDED),
        on_click=_keep, args=(path, data, chosen, table, then),
    )  # fmt: skip
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(plain(problem))


def offer_other_columns(dataset: Dataset) -> None:
    """A button that forgets what was said of a table's columns; nothing for other data."""
    if any(note.startswith(SAID) for note in dataset.notes):
        st.button(
            "Assign the columns again", key="columns_again", type="tertiary", icon=":material/view_column:",
            on_click=_forget, args=(dataset.root,),
        )  # fmt: skip


def _box(place, ours: str, columns: list[str], table: pd.DataFrame) -> str | None:
    needed = ours in NEEDED
    options = columns if needed else [NONE, *columns]
    index = _likely(ours, columns)
    return place.selectbox(
        QUESTIONS[ours], options, index=(columns.index(index) + (not needed)) if index else (None if needed else 0),
        key=f"columns_{ours}", placeholder="Choose a column", help=HELP[ours],
    )  # fmt: skip


def _likely(ours: str, columns: list[str]) -> str | None:
    """A column whose name says what is asked, in the words in use; None if none does."""
    known = {one for name in (ours, *(("sample_id",) if ours == "path" else ())) for tier in WANTED[name] for one in tier}
    found = [column for column in columns if key(column) in known]
    return found[0] if len(found) == 1 else None


def _keep(path: Path, data: str, chosen: dict[str, str | None], table: pd.DataFrame, then: Callable[[str], None] | None) -> None:
    said = {ours: theirs for ours, theirs in chosen.items() if theirs not in (None, NONE)}
    try:
        naming = _naming(said, path, table)
        remember_columns(path, list(table.columns), naming)
    except InputError as error:
        st.session_state[PROBLEM] = str(error)
        return
    if then:
        then(data)


def _naming(said: dict[str, str], path: Path, table: pd.DataFrame) -> Naming:
    """What was said; the column of images counts as one of files where its names are files, else as one of names."""
    if len(set(said.values())) < len(said):
        raise InputError("One column is chosen for two things; choose another.")
    as_names = Naming({("sample_id" if ours == "path" else ours): theirs for ours, theirs in said.items()})
    places = image_columns(table, path, as_names)
    names = as_text(table.iloc[:LOOKED_FOR, places["sample_id"]]).dropna()
    is_file = any(stat is not None for _, stat in find_files(path.parent, names))
    return Naming(said) if is_file else as_names


def _forget(root: Path) -> None:
    forget_columns(root, list(read_tabular(root, root.name).columns))
    open_anew()  # the table itself did not change


@st.cache_resource(max_entries=2, show_spinner="Reading the table …")
def _read(path: str, of: str) -> pd.DataFrame:
    return read_tabular(Path(path), Path(path).name)
