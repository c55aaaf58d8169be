"""Give a group a name: kept beside the data cache, taken back by one button."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.datasets import Dataset
from core.errors import InputError
from core.groups import MAX_NAME, Grouping, name_group, names_of
from dashboard.components.markdown import plain

WHICH, NAME, BEFORE, PROBLEM = "data_named_group", "data_group_name", "_groups_named_before", "_groups_name_problem"


def name_groups(dataset: Dataset, grouping: Grouping, titles: Sequence[str], place: int) -> None:
    """A small form: which group, and what to call it.

    Parameters
    ----------
    dataset : Dataset
    grouping : Grouping
    titles : sequence of str
        What groups are called without a name.
    place : int
        The group that it opens with.
    """
    with st.popover("Name a group", icon=":material/edit:", key="data_naming", on_change="rerun") as form:
        if form.open:
            _form(dataset, grouping, titles, place)


def _form(dataset: Dataset, grouping: Grouping, titles: Sequence[str], place: int) -> None:
    group = st.selectbox("Group", range(grouping.k), index=place, format_func=lambda one: titles[one][:80], key=WHICH)
    known = names_of(dataset, grouping).get(group, "")
    key = f"{NAME}_{group}"
    st.session_state.setdefault(key, known)
    st.text_input(
        "What you call it", key=key, max_chars=MAX_NAME, placeholder="such as portable machine", on_change=_save,
        args=(dataset, grouping, group, key), help="Kept on this machine beside the cache of these images, never in the data.",
    )  # fmt: skip
    before = st.session_state.get(BEFORE)
    with st.container(horizontal=True):
        st.button("Clear", icon=":material/close:", disabled=not known, key="data_name_clear", on_click=_take,
                  args=(dataset, grouping, group, ""))  # fmt: skip
        undo = before is not None and before[0] == _identity(grouping)
        st.button("Undo", icon=":material/undo:", disabled=not undo, key="data_name_undo", on_click=_take,
                  args=(dataset, grouping, *(before[1:] if undo else (group, ""))))  # fmt: skip
    if problem := st.session_state.pop(PROBLEM, ""):
        st.error(plain(problem), icon=":material/error:")


def _save(dataset: Dataset, grouping: Grouping, group: int, key: str) -> None:
    _take(dataset, grouping, group, st.session_state[key])


def _take(dataset: Dataset, grouping: Grouping, group: int, name: str) -> None:
    """Keep a name, and what it was before for "Undo"."""
    before = names_of(dataset, grouping).get(group, "")
    try:
        name_group(dataset, grouping, group, name)
    except InputError as error:
        st.session_state[PROBLEM] = str(error)
        return
    st.session_state[BEFORE] = _identity(grouping), group, before
    st.session_state[f"{NAME}_{group}"] = name
    st.session_state[WHICH] = group


def _identity(grouping: Grouping) -> tuple:
    """What tells one choice of groups from another."""
    return grouping.by, grouping.k, hash(grouping.codes.tobytes())
