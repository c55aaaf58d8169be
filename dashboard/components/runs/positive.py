"""Which of two classes is the ill one: said on the page, and asked where the names of the classes do not tell."""

from __future__ import annotations

import streamlit as st

from core.datasets import Dataset
from core.datasets.classes import positive_class
from core.text import option
from dashboard import state
from dashboard.components.markdown import plain
from dashboard.components.query_params import gives_first

QUESTION = "Which class is the illness?"
HELP = "Sensitivity is the share found of this class, specificity the share cleared of the other. The names of the classes do not tell."


def choose_positive(dataset: Dataset, key: str) -> Dataset:
    """The data set with its ill class: as the names tell, else as chosen here, which every page then keeps to.

    Parameters
    ----------
    dataset : Dataset
    key : str
        Of the widget; where it is bound to the link, a link tells the class too.

    Returns
    -------
    Dataset
        Without an ill class until one is chosen.
    """
    names = dataset.class_names
    if len(names) != 2:
        return dataset
    if told := positive_class(names):
        st.caption(f"Positive class: **{plain(told)}**.")
        return dataset
    _take_from_link(key, dataset)
    options = sorted(names)
    chosen = st.segmented_control(QUESTION, options, key=key, bind="query-params", help=HELP, format_func=option)
    state.say_positive(dataset, chosen)
    if not chosen:
        st.info(f"The names {plain(options[0])} and {plain(options[1])} do not tell which class is the illness: choose it here.")
    return state.with_positive(dataset, chosen)


def _take_from_link(key: str, dataset: Dataset) -> None:
    """What was said before on another page, unless the link says it."""
    gives_first(key)
    if key not in st.session_state and key not in st.query_params and dataset.positive:
        st.session_state[key] = dataset.positive
