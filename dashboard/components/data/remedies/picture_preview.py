"""What a remedy that changes pictures makes of one: a film, another of the other class, and the first with something of the second."""

from __future__ import annotations

import streamlit as st

from core.datasets import Dataset
from core.errors import InputError
from core.training.input.exchange import CORNER, exchange_corners, match_histogram, mix_amplitudes
from dashboard.components.data.catalogue import Catalogue
from dashboard.components.images.image_dialog import encode
from dashboard.components.markdown import plain

SIDE = 224  # pixels
CHANGES = {
    "corner_exchange": lambda film, other: exchange_corners(film, other, CORNER[1]),
    "histogram_matching": match_histogram,
    "amplitude_mixing": lambda film, other: mix_amplitudes(film, other, 1.0),
}
STRONGEST = "Shown at its strongest; in training the strength is drawn at random."
WEIGHTS_STAY = (
    "No image is repeated or weighted, so there is no table of weights: an epoch shows each once, or as often as the balance of the recipe "
    "says."
)
INSIDE = "It works on features inside the network, so there is no picture of it either."


def picture_preview(key: str, dataset: Dataset, prepared: Catalogue) -> None:
    """Why there are no weights to show, and three pictures where there are pixels."""
    st.markdown(f"{WEIGHTS_STAY} {'' if key in CHANGES else INSIDE}")
    if key not in CHANGES:
        return
    if not dataset.has_pixels:
        st.caption("With images at hand, an example would stand here.")
        return
    pair = example(prepared)
    found = _pictures(dataset.fingerprint, key, tuple(dataset.samples["sample_id"].iloc[pair]), dataset) if len(pair) == 2 else None
    if found is None:
        st.caption("An example takes two training films that can be read, of two classes.")
        return
    classes = [plain(str(prepared.table["class_name"].iloc[place])) for place in pair]
    titles = (f"A film: {classes[0]}", f"Another: {classes[1]}", "What the model is shown, still as " + classes[0])
    for column, picture, title in zip(st.columns(3), found, titles, strict=True):
        column.image(picture, caption=title, width="stretch")
    if key != "histogram_matching":
        st.caption(STRONGEST)


def example(prepared: Catalogue) -> list[int]:
    """Positions of a training film of each of the two largest classes; fewer where there are no two."""
    shuffled = prepared.table.iloc[prepared.order]
    training = shuffled[shuffled["split"] == "train"]
    largest = training["class_name"].value_counts().index[:2]
    return [int(training.index[training["class_name"] == name][0]) for name in largest if (training["class_name"] == name).any()]


@st.cache_data(max_entries=32, show_spinner=False)
def _pictures(fingerprint: str, key: str, ids: tuple[str, str], _dataset: Dataset) -> list[bytes] | None:
    """JPEG of the film, of the other and of what becomes of the first; None where one cannot be read."""
    try:
        film, other = (_dataset.read(sample_id, SIDE) for sample_id in ids)
    except InputError:
        return None
    return [encode(picture) for picture in (film, other, CHANGES[key](film, other))]
