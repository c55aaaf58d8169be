"""What to do next, by what is there: images, runs, trainings."""

from __future__ import annotations

import streamlit as st

from dashboard.components.images.getting_images import get_images
from dashboard.components.links import data_link, train_link


def next_steps(has_images: bool, n_finished: int, n_live: int) -> None:
    """One line and the links that go with it.

    Parameters
    ----------
    has_images : bool
        Whether a data set with pixels is in use.
    n_finished, n_live : int
        Runs with results, and trainings under way.
    """
    if n_live:
        st.markdown(f":material/model_training: {n_live} {'training is' if n_live == 1 else 'trainings are'} under way.")
    if not has_images and not n_finished:
        get_images()
    with st.container(horizontal=True):
        if n_live:
            train_link("Watch the training")
        elif has_images:
            train_link("Train a model" if n_finished else "Train a first model")
        if not n_finished:
            data_link()
