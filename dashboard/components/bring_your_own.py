"""Bring your own: a Keras model or a table of predictions becomes a run beside ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.datasets import Dataset
from core.datasets.classes import positive_class
from core.errors import InputError
from core.imports import Reference, import_predictions
from core.imports.kinds import is_model_content
from core.imports.reference import fitting
from core.run import Run
from dashboard import state
from dashboard.components.markdown import plain
from dashboard.components.model_settings import ask_settings, saved
from dashboard.components.positive import choose_positive
from dashboard.components.table_columns import ask_columns, uploaded_table

ADDED = "compare_added"
FORMAT = """A table of scores for the test images, one row an image: `sample_id` and `p_NORMAL`, `p_PNEUMONIA` (or `p_NORMAL`,
`p_BACTERIAL`, `p_VIRAL`), as CSV with any separator or as Parquet; what columns of other names hold is asked. With a column `split`, the
rows of `val` give thresholds and a temperature. Or a `.keras` or `.h5` model, which scores the test images here and so needs the folder of
images."""


def show_import(usable: Sequence[Run]) -> None:
    """A button that opens the upload."""
    with st.popover("Add your own", icon=":material/upload:", type="tertiary", key="compare_import"):
        uploaded = st.file_uploader(
            "Predictions (CSV, Parquet) or a model (.keras, .h5)", key="compare_upload", max_upload_size=1024, on_change=_name_after_file
        )
        st.caption(FORMAT)
        if uploaded is None:
            return
        title = st.text_input("Name it", key="compare_upload_title", max_chars=60)
        if is_model_content(uploaded, uploaded.name):
            _show_model(uploaded, title)
        else:
            _show_table(uploaded, title, usable)


def newly_added(target: str) -> None:
    """Choose the run that was added before this page was drawn anew."""
    name = st.session_state.pop(ADDED, None)
    if name:
        st.session_state[target] = [*st.session_state.get(target, []), name][-6:]
        st.toast(f"Added the run {name}.", icon=":material/check:")


def _name_after_file() -> None:
    """A new file brings its own name: without this it would be called like the one before it."""
    uploaded = st.session_state["compare_upload"]
    if uploaded is not None:
        st.session_state["compare_upload_title"] = Path(uploaded.name.removesuffix(".gz")).stem[:60]


def _show_model(uploaded: UploadedFile, title: str) -> None:
    _with_ill_class(state.dataset())
    settings = ask_settings(uploaded)
    if _wanted(ready=settings is not None):
        _add(lambda: _import_model(uploaded, title, settings))


def _show_table(uploaded: UploadedFile, title: str, usable: Sequence[Run]) -> None:
    """What the table is held against is said, and what its columns and the classes do not tell is asked."""
    try:
        table = uploaded_table(uploaded)
        reference = fitting(_references(usable), table)
    except InputError as error:
        st.error(str(error), icon=":material/block:")
        return
    st.caption(f"Held against the images of **{plain(reference.title)}**, {len(reference.test_ids()):,} in test.")
    naming = ask_columns(table, uploaded.name, reference)
    if _wanted(ready=naming is not None):
        _add(lambda: import_predictions(uploaded.getvalue(), uploaded.name, reference, title=title, naming=naming))


def _wanted(ready: bool) -> bool:
    return st.button("Check and add", type="primary", key="compare_upload_add", disabled=not ready)


def _add(bring: Callable[[], Run]) -> None:
    try:
        run = bring()
    except InputError as error:
        st.error(str(error), icon=":material/block:")
        return
    st.session_state[ADDED] = run.name
    st.rerun()


def _references(usable: Sequence[Run]) -> list[Reference]:
    """What a table may be about: first the runs compared, then the data set in use, then one run for each other data set."""
    compared = st.session_state.get("compare_runs") or ()
    by_data = {run.config.fingerprint: run for run in reversed(usable)}
    runs = [run for run in usable if run.name in compared]
    of_runs = [_of_run(run) for run in dict.fromkeys([*runs, *by_data.values()])]
    found = [reference for reference in of_runs if reference]
    return [*found[: len(runs)], Reference.of_dataset(_with_ill_class(state.dataset())), *found[len(runs) :]]


def _of_run(run: Run) -> Reference | None:
    try:
        return Reference.of_run(run)
    except InputError:  # its own page says what is wrong with it
        return None


def _with_ill_class(dataset: Dataset) -> Dataset:
    """Ask which class is the ill one, where names do not tell."""
    needed = len(dataset.class_names) == 2 and not positive_class(dataset.class_names)
    return choose_positive(dataset, "compare_upload_positive") if needed else dataset


def _import_model(uploaded: UploadedFile, title: str, settings: dict) -> Run:
    from core.imports import import_model  # brings Keras with it

    bar = st.progress(0.0, text="Loading the model …")

    def show(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), text=f"Scoring images: {done:,} of {total:,}")

    with saved(uploaded) as path:
        try:
            return import_model(path, state.dataset(), title=title, progress=show, **settings)
        finally:
            bar.empty()
