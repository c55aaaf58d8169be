"""Choose the data set and the label scheme."""

from __future__ import annotations

import os

import streamlit as st

from core.datasets import Dataset
from core.datasets.labels import SCHEMES, label
from core.errors import InputError
from dashboard import state
from dashboard.components.address import preset

SEEN = "data_sources_seen"


def choose_dataset() -> Dataset | None:
    """A chooser of data sets: what the server was started with, the shipped index, or a path typed in.

    Returns
    -------
    Dataset or None
        None, with the reason on the page, if what was chosen cannot be opened.
    """
    default = os.environ.get("PNEUMOLENS_DATA") or state.SHIPPED
    seen = st.session_state.setdefault(SEEN, [])
    st.session_state["data_source"] = st.session_state.get("data_source") or st.query_params.get("data_source") or default
    chosen = st.selectbox(
        "Data set",
        list(dict.fromkeys([default, state.SHIPPED, *seen])),
        index=None,  # so that the link names the data set even where it is the usual one
        key="data_source",
        accept_new_options=True,
        bind="query-params",
        help="Choose one, or type the path of a folder (train/NORMAL, train/PNEUMONIA, test/…), of a PneumoniaMNIST .npz file or of a "
        "table of images (.csv or .parquet with class_name and path) on the machine that runs this dashboard.",
    )
    try:
        dataset = state.dataset(chosen)
    except InputError as error:
        st.error(str(error))
        return None
    if chosen not in seen:
        seen.append(chosen)
    return dataset


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
        st.warning(reason)
        return SCHEMES[0]
    return n_classes


@st.cache_data(max_entries=8, show_spinner=False)
def _why_not_three(digest: str, _dataset: Dataset) -> str:
    try:
        label(_dataset.samples, 3)
    except InputError as error:
        return str(error)
    return ""
