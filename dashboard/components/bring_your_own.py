"""Bring your own: a Keras model or a table of predictions becomes a run beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.datasets.columns import Naming
from core.errors import InputError
from core.imports import Reference, import_predictions
from core.imports.kinds import is_model_content
from core.run import Run
from dashboard import state
from dashboard.components.model_settings import ask_settings, saved
from dashboard.components.table_columns import ask_columns

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
        settings = ask_settings(uploaded) if is_model_content(uploaded, uploaded.name) else None
        naming = None if settings else _naming(uploaded, usable)
        if st.button("Check and add", type="primary", key="compare_upload_add", disabled=settings is None and naming is None):
            _add(uploaded, title, settings, naming, usable)


def newly_added(target: str) -> None:
    """Choose the run that was added before this page was drawn anew."""
    name = st.session_state.pop(ADDED, None)
    if name:
        st.session_state[target] = [*st.session_state.get(target, []), name][-6:]
        st.toast(f"Added the run {name}.", icon=":material/check:")


def _naming(uploaded: UploadedFile, usable: Sequence[Run]) -> Naming | None:
    try:
        return ask_columns(uploaded, _reference(usable))
    except InputError:  # no images to hold it against, which the import then says
        return Naming()


def _name_after_file() -> None:
    """A new file brings its own name: without this it would be called like the one before it."""
    uploaded = st.session_state["compare_upload"]
    if uploaded is not None:
        st.session_state["compare_upload_title"] = Path(uploaded.name.removesuffix(".gz")).stem[:60]


def _add(uploaded: UploadedFile, title: str, settings: dict | None, naming: Naming | None, usable: Sequence[Run]) -> None:
    try:
        if settings:
            run = _import_model(uploaded, title, settings)
        else:
            run = import_predictions(uploaded.getvalue(), uploaded.name, _reference(usable), title=title, naming=naming or Naming())
    except InputError as error:
        st.error(str(error), icon=":material/block:")
        return
    st.session_state[ADDED] = run.name
    st.rerun()


def _reference(usable: Sequence[Run]) -> Reference:
    return Reference.of_run(usable[0]) if usable else Reference.of_dataset(state.dataset())


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
