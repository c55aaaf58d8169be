"""Three cards for three intents, each with one true number and the page that goes with it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.counted import counted
from core.datasets import Dataset
from core.errors import InputError
from core.runs.run import Run
from core.runs.store import has_model
from dashboard import state
from dashboard.components.formats import imbalance
from dashboard.components.links import compare_link, data_link, inspect_link
from dashboard.components.markdown import plain

COUNTING = "Counting …"


def intents(runs: list[Run], n_groups: int) -> Callable[[], None]:
    """Draw the cards; the number of the data follows when what is returned is called, for a new folder takes a while to measure.

    Parameters
    ----------
    runs : list of Run
        Finished ones.
    n_groups : int
        Recipes among them.
    """
    data, models, film = st.columns(3)
    with data.container(border=True, height="stretch", gap="xsmall"):
        st.markdown("**Understand the data**")
        slot = st.empty()
        slot.markdown(COUNTING)
        data_link("What is in it, and what is wrong with it")
    with models.container(border=True, height="stretch", gap="xsmall"):
        st.markdown("**Choose a model**")
        st.markdown(f"{counted(len(runs), 'finished run')} of {counted(n_groups, 'recipe')}" if runs else "No run has finished yet")
        compare_link([], "Compare runs side by side", enabled=bool(runs))
    with film.container(border=True, height="stretch", gap="xsmall"):
        st.markdown("**Try a film**")
        ready = sum(map(has_model, runs))
        st.markdown(
            f"{counted(ready, 'model')} can read a film of yours" if ready else "No model file is here yet: train one, or import one"
        )
        inspect_link("See what a model sees, and whether to believe it")

    def count() -> None:
        with slot.container(gap="xsmall"):
            st.markdown(COUNTING)  # all that is seen where another session measures
            line = _data_line()  # with its progress, which goes with these words
        slot.markdown(line)

    return count


def _data_line() -> str:
    try:
        return data_figure(state.dataset())
    except InputError:
        return "The data set cannot be read"


def data_figure(dataset: Dataset) -> str:
    """``5,216 training films, 2.9 PNEUMONIA for each NORMAL``; the number of films where the classes tell nothing."""
    train = dataset.samples[dataset.samples["split"] == "train"]
    if train.empty:
        return counted(len(dataset.samples), "film")
    counts = train["class_name"].value_counts()
    if len(counts) != 2:
        return f"{counted(len(train), 'training film')} in {counted(len(counts), 'class', 'classes')}"
    most, least = (plain(name) for name in counts.index[:2])
    return f"{len(train):,} training films, {imbalance(counts.tolist()).split(' ')[0]} {most} for each {least}"
