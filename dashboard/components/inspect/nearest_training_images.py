"""The training images of each class that a model finds most alike, with their labels and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.datasets import Dataset
from core.datasets.sources.shipped import open_shipped
from core.errors import InputError
from core.groups import Grouping, groups_at_hand, names_of
from core.inference.ensemble import NO_NEIGHBOURS
from core.inference.neighbours import neighbours_by_class
from core.inference.prediction import Neighbour, Prediction
from core.runs.run import Run
from core.runs.stamp import stamp
from dashboard import state
from dashboard.components.chips import with_chips
from dashboard.components.inspect.analysis import model_input, reference
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.markdown import plain

THUMB, TILE = 200, 132  # pixels


def show_neighbours(
    labelled: Mapping[str, Run], predictions: Mapping[str, Prediction], picture: Picture, colours: Mapping[str, str]
) -> None:
    """For each run the nearest of each class side by side, the class that it calls first; names alone where the pictures are not here."""
    st.caption(
        "Nearest in the features before the model's last layer, of each class by itself. Labels are those of the data set, not what the "
        "model says; the group is that of the film's appearance, as on the Data page."
    )
    for label, prediction in predictions.items():
        if labelled[label].config.members:
            st.markdown(with_chips(f"**{plain(label)}**: {NO_NEIGHBOURS}", colours))
        if not prediction.neighbours:
            continue
        st.markdown(with_chips(f"**{plain(label)}**: {plain(tally(prediction.neighbours))}", colours))
        found = of_each_class(labelled[label], picture, prediction.neighbours)
        order = sorted(found, key=lambda name: name != prediction.label)
        for place, name in zip(st.columns(len(order)), order, strict=True):
            with place:
                _show_class(name, found[name])


def of_each_class(run: Run, picture: Picture, nearest: tuple[Neighbour, ...]) -> dict[str, tuple[Neighbour, ...]]:
    """The nearest of each class; of an ensemble, or a run whose training images are not measured, the classes among `nearest`."""
    measured = reference(run)
    if measured is None or run.config.members:
        return {name: tuple(one for one in nearest if one.class_name == name) for name in run.config.class_names}
    return _of_each_class(stamp(run), picture.digest, run, picture)


def _show_class(name: str, found: tuple[Neighbour, ...]) -> None:
    st.markdown(f"Labelled **{plain(name)}**{f', nearest {found[0].distance:.2f}' if found else ': none among the nearest'}")
    with st.container(horizontal=True):
        for neighbour in found:
            with st.container(width=TILE):
                _show(neighbour)


@st.cache_data(max_entries=200, show_spinner=False, scope="session")
def _of_each_class(stamp: tuple, digest: str, _run: Run, _picture: Picture) -> dict[str, tuple[Neighbour, ...]]:
    return neighbours_by_class(_run, state.model(_run), reference(_run), model_input(_run, _picture))


def group_of(sample_id: str) -> str:
    """``group 3 of 5 by appearance (portable)`` with the name that a user gave it; empty where groups were never made or it is in none."""
    digest, dataset = _known()
    grouping, codes = _groups(digest, dataset)
    if sample_id not in codes:
        return ""
    code = codes[sample_id]
    name = names_of(dataset, grouping).get(code)
    return f"group {code + 1} of {grouping.k} by appearance" + (f" ({name})" if name else "")


def _known() -> tuple[str, Dataset]:
    try:
        dataset = state.dataset(wait=False)
    except InputError:
        dataset = None
    if dataset is None or groups_at_hand(dataset) is None:
        dataset = open_shipped()  # its groups come with the index, by the names of the published files
    return dataset.digest, dataset


@st.cache_resource(max_entries=4, show_spinner=False)
def _groups(digest: str, _dataset: Dataset) -> tuple[Grouping | None, dict[str, int]]:
    grouping = groups_at_hand(_dataset)
    codes = [] if grouping is None else grouping.codes.tolist()
    return grouping, dict(zip(_dataset.samples["sample_id"], codes, strict=grouping is not None))


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
    group = group_of(neighbour.sample_id)
    lines = (f"**{plain(neighbour.class_name)}**", name, f"distance {neighbour.distance:.2f}", plain(group))
    st.caption("  \n".join(line for line in lines if line))


def _picture(sample_id: str) -> np.ndarray | None:
    try:
        dataset = state.dataset(wait=False)
        return _thumbnail(dataset.fingerprint, sample_id, dataset)
    except InputError:
        return None


@st.cache_data(max_entries=200, show_spinner=False)
def _thumbnail(fingerprint: str, sample_id: str, _dataset: Dataset) -> np.ndarray:
    return _dataset.read(sample_id, THUMB)
