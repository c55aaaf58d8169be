"""The area drawn on the map of the images: a filter of the page that lives in its link."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.datasets import Dataset
from core.embedding import Area, Embedding, area_from_text, embedding_at_hand, within
from core.errors import InputError
from dashboard.components.query_params import linked_text, set_linked_text

AREA = "data_area"
ELSEWHERE = "The link's area was drawn on a map of other images, or of these by another look, so it filters nothing here."
NO_MAP = "The link holds an area of the map of the images, which is not made yet: make it below, and the area filters the page."


def known_embedding(dataset: Dataset) -> Embedding | None:
    """The map of a data set that needs no work, kept in memory once it is there."""
    try:
        return _embedding(dataset.fingerprint, dataset)
    except LookupError:
        return None


def drawn() -> Area | None:
    """The area in the link; raises InputError if what it holds is none."""
    text = linked_text(AREA)
    return area_from_text(text) if text else None


def draw(area: Area | None) -> None:
    """Filter the page by an area from now on, or by none."""
    set_linked_text(AREA, "" if area is None else area.text)


def in_area(dataset: Dataset) -> np.ndarray | None:
    """Which images lie in the area of the link; None, and a sentence on the page where it cannot be used, if it filters nothing.

    Returns
    -------
    ndarray of shape (n_samples,), bool, or None
    """
    try:
        area = drawn()
    except InputError as error:
        st.warning(str(error))
        return None
    if area is None:
        return None
    embedding = known_embedding(dataset)
    if embedding is None or embedding.key != area.key:
        st.warning(ELSEWHERE if embedding else NO_MAP)
        return None
    found = within(area, embedding.places)
    st.button(f"Area on the map: {found.sum():,} images", icon=":material/close:", key="data_area_off", on_click=draw, args=(None,))
    return found


@st.cache_resource(max_entries=4, show_spinner=False)
def _embedding(fingerprint: str, _dataset: Dataset) -> Embedding:
    if (found := embedding_at_hand(_dataset)) is None:
        raise LookupError  # which is not kept: it may be made in the next moment
    return found
