"""The training images that a model finds most alike, with their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.datasets import Dataset
from core.errors import InputError
from core.prediction import Neighbour, Prediction
from dashboard import state
from dashboard.components.chips import with_chips
from dashboard.components.markdown import plain

THUMB, TILE = 200, 150  # pixels


def show_neighbours(predictions: Mapping[str, Prediction], colours: Mapping[str, str]) -> None:
    """One row of pictures for each run: nearest first, labelled; names alone where the pictures are not here."""
    st.caption("Nearest in the features before the model's last layer. The labels are those of the data set, not what the model says.")
    for label, prediction in predictions.items():
        if not prediction.neighbours:
            continue
        st.markdown(with_chips(f"**{plain(label)}**: {plain(tally(prediction.neighbours))}", colours))
        with st.container(horizontal=True):
            for neighbour in prediction.neighbours:
                with st.container(width=TILE):
                    _show(neighbour)


def tally(neighbours: tuple[Neighbour, ...]) -> str:
    """``5 of the 6 nearest training images are labelled PNEUMONIA, 1 NORMAL.``"""
    counts = Counter(neighbour.class_name for neighbour in neighbours).most_common()
    (first, most), others = counts[0], counts[1:]
    rest = "".join(f", {n} {name}" for name, n in others)
    return f"{most} of the {len(neighbours)} nearest training images {'is' if most == 1 else 'are'} labelled {first}{rest}."


def _show(neighbour: Neighbour) -> None:
    pixels = _picture(neighbour.sample_id)
    if pixels is not None:
        st.image(pixels, alt=f"Training image labelled {neighbour.class_name}")
    name = plain(neighbour.sample_id.rsplit("/", 1)[-1])
    st.caption(f"**{plain(neighbour.class_name)}**  \n{name}  \ndistance {neighbour.distance:.2f}")


def _picture(sample_id: str) -> np.ndarray | None:
    try:
        dataset = state.dataset()
        return _thumbnail(dataset.fingerprint, sample_id, dataset)
    except InputError:
        return None


@st.cache_data(max_entries=200, show_spinner=False)
def _thumbnail(fingerprint: str, sample_id: str, _dataset: Dataset) -> np.ndarray:
    return _dataset.read(sample_id, THUMB)
