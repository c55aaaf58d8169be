"""Bring your own: a Keras model or a table of predictions becomes a run beside ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.datasets import Dataset
from core.datasets.classes import positive_class
from core.errors import InputError
from core.external import Reference, import_predictions
from core.external.known_images import fitting
from core.model_files.kinds import is_model_content
from core.runs.run import Run
from core.runs.store import models_dir
from dashboard import shared_mode, state
from dashboard.components.compare.runs.model_settings import ask_settings, saved
from dashboard.components.compare.runs.table_columns import ask_columns, uploaded_table
from dashboard.components.control_names import on_page
from dashboard.components.markdown import plain
from dashboard.components.runs.positive import choose_positive
from dashboard.turns import giving_way, turn

ADDED, REFUSED, OPEN = "compare_added", "compare_refused", "compare_import_open"
MOST_COMPARED = 6
FORMAT = """**A table** (.csv, .tsv, .txt, .parquet, also .gz): one row a test image, with `sample_id` (the image's file name) and a
probability for each class, `p_NORMAL` and `p_PNEUMONIA`. Other names of columns are asked for. A column `split` may mark rows as `val`:
they give thresholds to choose from.

**A model** (.keras, .h5): it scores the test images here, so this needs a folder of images. No code in it is run.

Larger files than this page takes: `python -m core import FILE`."""


def show_import(usable: Sequence[Run]) -> None:
    """A button that opens a window to add scores or a model; it closes once they are added."""
    if st.button("Add your own", icon=":material/upload:", type="tertiary", key="compare_import"):
        st.session_state[OPEN] = True
    if st.session_state.get(OPEN):
        _window(usable)


def newly_added(target: str) -> None:
    """Choose the run that was added before this page was drawn anew, and say so."""
    name = st.session_state.pop(ADDED, None)
    if not name:
        return
    chosen = [*st.session_state.get(target, []), name]
    st.session_state[target] = chosen[-MOST_COMPARED:]
    called = plain(state.names().get(name, name))
    left = f" At most {MOST_COMPARED} are compared, so the first one was left out." if len(chosen) > MOST_COMPARED else ""
    st.toast(f"**{called}** is added and compared with the others.{left}", icon=":material/check:")


def _closed() -> None:
    st.session_state.pop(OPEN, None)


@st.dialog("Add your own scores or model", width="medium", on_dismiss=_closed)
def _window(usable: Sequence[Run]) -> None:
    uploaded = st.file_uploader("Scores or a model", key="compare_upload", on_change=_name_after_file, help=FORMAT)
    if uploaded is None:
        st.markdown(FORMAT)
        return
    try:
        shared_mode.require_room_for_import(models_dir(), uploaded.size)
    except InputError as error:
        _say(error)
        return
    title = st.text_input("Name", key="compare_upload_title", max_chars=60)
    if is_model_content(uploaded, uploaded.name):
        _show_model(uploaded, title)
    else:
        _show_table(uploaded, title, usable)


def _name_after_file() -> None:
    """A new file brings its own name: without this it would be called like the one before it."""
    uploaded = st.session_state["compare_upload"]
    if uploaded is not None:
        st.session_state["compare_upload_title"] = Path(uploaded.name.removesuffix(".gz")).stem[:60]


def _show_model(uploaded: UploadedFile, title: str) -> None:
    try:
        _with_ill_class(state.dataset())
    except InputError as error:
        _say(error)
        return
    settings = ask_settings(uploaded)
    _check_and_add((uploaded.file_id, repr(settings)), settings is not None, lambda: _import_model(uploaded, title, settings))


def _show_table(uploaded: UploadedFile, title: str, usable: Sequence[Run]) -> None:
    """What the table is held against is said, and what its columns and the classes do not tell is asked."""
    try:
        table = uploaded_table(uploaded)
        reference = fitting(_references(usable), table)
    except InputError as error:
        _say(error)
        return
    st.caption(f"Checked against the images of **{plain(reference.title)}**, {len(reference.test_ids()):,} in test.")
    naming = ask_columns(table, uploaded.name, reference)
    _check_and_add(
        (uploaded.file_id, repr(naming), reference.fingerprint, reference.positive),
        naming is not None,
        lambda: import_predictions(uploaded.getvalue(), uploaded.name, reference, title=title, naming=naming),
    )


def _check_and_add(what: tuple, ready: bool, bring: Callable[[], Run]) -> None:
    """The button that adds, once enough was said; what was refused can be tried again only once `what`, all that is said, was changed."""
    before, reason = st.session_state.get(REFUSED, (None, None))
    refused = ready and before == what
    if refused:
        _say(reason)
    if not st.button("Check and add", type="primary", key="compare_upload_add", disabled=refused or not ready):
        return
    try:
        run = bring()
    except InputError as error:
        st.session_state[REFUSED] = (what, error)
        st.rerun(scope="fragment" if _in_fragment() else "app")
    st.session_state[ADDED] = run.name
    _closed()
    st.rerun()


def _say(error: InputError) -> None:
    st.error(plain(on_page(str(error))), icon=":material/block:")


def _in_fragment() -> bool:
    """Whether this run draws the window alone."""
    ctx = get_script_run_ctx()
    return bool(ctx and ctx.fragment_ids_this_run)


def _references(usable: Sequence[Run]) -> list[Reference]:
    """What a table may be about: first the runs compared, then the data set in use, then one run for each other data set."""
    compared = st.session_state.get("compare_runs") or ()
    by_data = {run.config.fingerprint: run for run in reversed(usable)}
    runs = [run for run in usable if run.name in compared]
    of_runs = [_of_run(run) for run in dict.fromkeys([*runs, *by_data.values()])]
    found = [reference for reference in of_runs if reference]
    try:
        in_use = [Reference.of_dataset(_with_ill_class(state.dataset()))]
    except InputError:  # a folder that is gone keeps nobody from adding scores of images that runs know
        if not found:
            raise
        in_use = []
    return [*found[: len(runs)], *in_use, *found[len(runs) :]]


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
    from core.external import import_model  # brings Keras with it

    bar = st.progress(0.0, text="Loading the model …")

    def show(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), text=f"Scoring images: {done:,} of {total:,}")

    with saved(uploaded) as path:
        try:
            with turn("import", bar):
                return import_model(path, state.dataset(), title=title, progress=giving_way(show), **settings)
        finally:
            bar.empty()
