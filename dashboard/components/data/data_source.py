"""Choose the data set and the label scheme."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.datasets import ACCEPTED, Dataset
from core.datasets.labels import SCHEMES, label
from core.datasets.tables.columns import UnclearColumns
from core.errors import InputError
from dashboard import chosen, shared_mode, state
from dashboard.components.images.image_columns import ask_columns_of, offer_other_columns
from dashboard.components.markdown import plain
from dashboard.components.query_params import gives_first, keep_in_link, preset

KEY = "data_source"
OPENED = "_data_opened"  # what this page opened last: what another page or a download chose since then comes first
HELP = f"A path on the machine that runs this dashboard, typed or pasted: {ACCEPTED}."


def choose_dataset() -> Dataset | None:
    """A field for the path of a data set, and a list of those that were used lately.

    Returns
    -------
    Dataset or None
        None, with the reason on the page, if what was chosen cannot be opened.
    """
    _first_value()
    if not shared_mode.may_name_paths():
        return _offered()
    field, known = st.columns([4, 1], vertical_alignment="bottom")
    path = field.text_input("Data set", key=KEY, value=None, placeholder=chosen.SHIPPED, bind="query-params", help=HELP) or chosen.SHIPPED
    dataset = _opened(path)
    with known.popover("Recent", icon=":material/history:", key="data_recent", width="stretch"):
        for number, one in enumerate(chosen.offered()):
            st.button(plain(one), key=f"data_recent_{number}", type="tertiary", on_click=_take, args=(one,))
    if dataset:
        offer_other_columns(dataset)
    return dataset


def _offered() -> Dataset | None:
    """A choice of what the host offers."""
    offered = chosen.offered()
    if st.session_state[KEY] not in offered:
        st.warning(shared_mode.PATHS_OFF, icon=":material/lock:")
        st.session_state[KEY] = offered[0]
    path = st.selectbox("Data set", offered, key=KEY, help=shared_mode.PATHS_OFF, format_func=lambda one: Path(one).name or one)
    keep_in_link(KEY, [path])
    return _opened(path)


def _opened(path: str) -> Dataset | None:
    """The data set, from now on in use on every page; None, with the reason or a question on the page, if it cannot be opened."""
    try:
        dataset = state.dataset(path)
    except UnclearColumns as error:
        ask_columns_of(path, error)
        return None
    except InputError as error:
        st.error(plain(str(error)))
        return None
    chosen.choose(path)
    st.session_state[OPENED] = chosen.chosen().path
    return dataset


def _first_value() -> None:
    """What the link says, else what is in use; what was chosen elsewhere since comes before what stood here."""
    used = chosen.chosen().path
    gives_first(KEY)
    if KEY not in st.session_state:
        st.session_state[KEY] = st.query_params.get(KEY) or used
    elif used != st.session_state.get(OPENED, used):
        st.session_state[KEY] = used


def _take(path: str) -> None:
    st.session_state[KEY] = path


def choose_labels(dataset: Dataset) -> int:
    """2 or 3 classes; 2 where the file names do not tell bacterial from viral, with the reason if a link asks for 3."""
    preset("data_labels", SCHEMES, SCHEMES[0], {str(scheme): scheme for scheme in SCHEMES})
    reason = _why_not_three(dataset.digest, dataset)
    if reason and st.session_state["data_labels"] == SCHEMES[0]:
        st.container(key="data_labels")  # nothing to choose between
        return SCHEMES[0]
    n_classes = st.segmented_control(
        "Classes",
        SCHEMES,
        key="data_labels",
        required=True,
        bind="query-params",
        help="2: normal and pneumonia, by folder. 3: normal, bacterial and viral, by file name.",
    )
    if reason and n_classes != SCHEMES[0]:
        st.warning(plain(reason))
        return SCHEMES[0]
    return n_classes


@st.cache_data(max_entries=8, show_spinner=False)
def _why_not_three(digest: str, _dataset: Dataset) -> str:
    try:
        label(_dataset.samples, 3)
    except InputError as error:
        return str(error)
    return ""
