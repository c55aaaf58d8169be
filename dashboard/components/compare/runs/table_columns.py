"""Which column of an uploaded table names the image and which holds the score of which class, asked where the names do not tell."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.datasets.tables.columns import Naming, TwoColumns
from core.datasets.tables.tabular import as_numbers, as_text, read_tabular
from core.errors import InputError
from core.external import Reference
from core.external.score_columns import ScoreColumns, find_columns, like_a_score
from dashboard.components.markdown import plain

REST = "no column: what is left to 1"
MOST_ASKED = 6  # more names than that are no classes
ASK = "The names of its columns do not tell what they hold. Say it here, or rename them."


def uploaded_table(uploaded: UploadedFile) -> pd.DataFrame:
    """An uploaded table as text and numbers, read once; raises InputError if it is none."""
    return _read(uploaded.file_id, uploaded.name, uploaded)


def ask_columns(table: pd.DataFrame, name: str, reference: Reference) -> Naming | None:
    """Select boxes for what the names of the columns do not tell.

    Returns
    -------
    Naming or None
        Empty where the names tell everything; None until enough is chosen.
    """
    try:
        found = find_columns(table, name, reference.schemes, Naming())
    except TwoColumns:
        found = None
    if found and found.complete:
        return _with_labels(table, found, Naming())
    st.caption(ASK)
    image = _pick_image(table, found)
    scores = _pick_scores(table, reference)
    if not (image and scores):
        return None
    naming = Naming(columns={"sample_id": image} | scores)
    try:
        return _with_labels(table, find_columns(table, name, reference.schemes, naming), naming)
    except InputError:  # a column chosen twice, say, which the import words
        return naming


def _with_labels(table: pd.DataFrame, found: ScoreColumns, naming: Naming) -> Naming | None:
    """The naming with what the table's own names of classes mean, asked where they are none of ours; None until all is chosen."""
    if found.y_true is None or found.class_names is None:
        return naming
    labels = table.iloc[:, found.y_true]
    known = {class_name.casefold() for class_name in found.class_names}
    strange = [text for text in as_text(labels[as_numbers(labels).isna()]).dropna().unique() if text.casefold() not in known]
    if not 0 < len(strange) <= MOST_ASKED:
        return naming
    st.caption(f"Its column {plain(str(table.columns[found.y_true]))} has names of its own for the classes.")
    meant = {
        text: st.selectbox(
            f"“{plain(text)}” is", found.class_names, index=None, key=f"compare_upload_label_{number}", placeholder="Choose a class"
        )
        for number, text in enumerate(strange)
    }
    return replace(naming, class_names=meant) if all(meant.values()) else None


@st.cache_resource(max_entries=2, show_spinner="Reading the table …", scope="session")
def _read(file_id: str, name: str, _uploaded: UploadedFile) -> pd.DataFrame:
    return read_tabular(_uploaded.getvalue(), name)


def _pick_image(table: pd.DataFrame, found: ScoreColumns | None) -> str | None:
    names = list(dict.fromkeys(map(str, table.columns)))
    known = str(table.columns[found.image]) if found and found.image is not None else None
    index = names.index(known) if known else None
    return st.selectbox("Column that names the image", names, index=index, key="compare_upload_image", placeholder="Choose a column")


def _pick_scores(table: pd.DataFrame, reference: Reference) -> dict[str, str]:
    """Our name of each class's column to the table's; empty until enough is chosen."""
    schemes = [names for names in reference.schemes if len(names) > 1]
    class_names = schemes[0] if schemes else ()
    if len(schemes) > 1:
        class_names = st.selectbox("Its classes are", schemes, format_func=", ".join, key="compare_upload_classes")
    likely = like_a_score(table) or list(dict.fromkeys(map(str, table.columns)))
    chosen = {}
    for place, class_name in enumerate(class_names):
        spare = len(class_names) == 2 and place == 0
        options = [REST, *likely] if spare else likely
        picked = st.selectbox(
            f"Column with the probability of {class_name}",
            options,
            index=0 if spare else None,
            key=f"compare_upload_score_{len(class_names)}_{place}",
            placeholder="Choose a column",
        )
        if picked is None:
            return {}
        chosen |= {} if picked == REST else {f"p_{class_name}": picked}
    return chosen
