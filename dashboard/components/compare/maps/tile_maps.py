"""Each run's small map on the tiles of a gallery: one sees at a glance that a model looks at a letter."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from core.datasets import Dataset
from core.errors import InputError
from core.inference.atlas_file import METHOD
from core.runs.run import Run
from core.runs.stamp import stamp
from core.saliency.overlay import overlay
from dashboard import state
from dashboard.components.chips import with_chips
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.maps.in_view import in_view
from dashboard.components.compare.maps.making import why_no_map
from dashboard.components.compare.maps.other_runs import offer_others
from dashboard.components.markdown import plain
from dashboard.components.query_params import keep_in_link
from dashboard.turns import give_way_to_click, giving_way

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

SIDE = 96  # pixels of a small map
AT_ONCE = 4  # films of a run, computed and kept together: what a reader waits for before the next maps appear, or before a click is heard
HELP = (
    "Grad-CAM of each run for the class that it calls, computed once the films are in view, the upper ones first, and kept. Switch it off, "
    "or click anything else, to cancel."
)
BAR = 320  # pixels
SOON = 0.2  # seconds between two looks whether it is loaded
Maps = Mapping[tuple[str, str], str]  # data URLs by sample and label
Calls = Mapping[str, tuple[tuple[str, str], ...]]  # sample and class called, by label


def maps_on_tiles(table: pd.DataFrame, comparison: Comparison, dataset: Dataset, key: str) -> Iterator[Maps]:
    """A switch, and the maps of a page of films once it is on, each time some are added; what a run lacks for maps is said.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, <label>: called`` of the films.
    comparison : Comparison
    dataset : Dataset
    key : str
        Begins the key of the switch.

    Yields
    ------
    Maps
        The first has none, so that the films stand there meanwhile.
    """
    st.session_state.setdefault(f"{key}_maps", st.query_params.get(f"{key}_maps") == "true")
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.toggle("Show maps on these films", key=f"{key}_maps", help=HELP)
        bar = st.empty()
    keep_in_link(f"{key}_maps", ["true"] if wanted else [], default=[])  # a bound widget of a fragment in a fragment leaves the link alone
    calls = _all_calls(table, comparison, dataset, key) if wanted else {}
    told, watched = st.container(), st.empty()
    yield {}
    with watched:
        ready = any(calls.values()) and in_view((*comparison.runs, *table["sample_id"]), key)
    if ready:
        _load_tensorflow(bar)
        yield from _as_they_come(calls, comparison, dataset, bar, told)
        bar.empty()


def _load_tensorflow(bar: DeltaGenerator) -> None:
    """What no other part of Compare loads and takes seconds, in a thread, so that a click is heard meanwhile."""
    loading = Thread(target=import_module, args=("keras",), daemon=True)
    loading.start()
    loading.join(SOON)
    while loading.is_alive():
        give_way_to_click()
        bar.progress(0.0, text="Loading TensorFlow, once after the server starts …", width=BAR)
        loading.join(SOON)


def _as_they_come(calls: Calls, comparison: Comparison, dataset: Dataset, bar: DeltaGenerator, told: DeltaGenerator) -> Iterator[Maps]:
    """The maps so far, from the top of the films down, a few more each time; a run whose maps cannot be made is named and left out."""
    able, found, total = dict(calls), dict[tuple[str, str], str](), sum(map(len, calls.values()))
    bar.progress(0.0, text="Opening the models …", width=BAR)
    tell = giving_way(lambda done, total: bar.progress(done / total, text=f"Computing maps: {done:,} of {total:,}", width=BAR))
    for start in range(0, max(map(len, calls.values())), AT_ONCE):
        for label in list(able):
            some, run = able[label][start : start + AT_ONCE], comparison.runs[label]
            try:
                urls = _small_maps(stamp(run), dataset.fingerprint, some, run, dataset) if some else {}
            except InputError as error:
                told.caption(with_chips(f"{plain(label)} has no maps here: {plain(error)}", comparison.colours))
                del able[label]
                continue
            found |= {(sample_id, label): url for sample_id, url in urls.items()}
            tell(len(found), total)
        yield found


def _all_calls(table: pd.DataFrame, comparison: Comparison, dataset: Dataset, key: str) -> Calls:
    """The films to make maps of, with the class called, by label; a run that has no maps is named and left out.

    Where no run has any, two others that have are offered.
    """
    calls = {}
    for label, run in comparison.runs.items():
        try:
            calls[label] = _calls(run, dataset, table, label)
        except InputError as error:
            st.caption(with_chips(f"{plain(label)} {plain(error)}", comparison.colours))
    if not calls:
        offer_others(list(comparison.runs.values()), lambda run: not why_no_map(run), "maps", key)
    return calls


def _calls(run: Run, dataset: Dataset, table: pd.DataFrame, label: str) -> tuple[tuple[str, str], ...]:
    """Sample and class called; of films that are not in the data set there is no map."""
    if reason := why_no_map(run):
        raise InputError(reason)
    if not set(table[f"{label}: called"]) <= set(run.config.class_names):
        raise InputError("tells more classes apart than are compared here, so it has no map of these answers.")
    known = table["sample_id"].isin(dataset.samples["sample_id"])
    return tuple(zip(table.loc[known, "sample_id"], table.loc[known, f"{label}: called"], strict=True))


@st.cache_data(max_entries=500, show_spinner=False)
def _small_maps(stamp: tuple, fingerprint: str, calls: tuple[tuple[str, str], ...], _run: Run, _dataset: Dataset) -> dict[str, str]:
    from core.inference.maps import maps_of

    config = _run.config
    called = np.array([config.class_names.index(name) for _, name in calls])
    pixels = np.stack([_dataset.read(sample_id, config.image_size, config.recipe.resize) for sample_id, _ in calls])
    heatmaps = maps_of(_run, state.model(_run), pixels, np.arange(len(calls)), called, METHOD)
    return {calls[place][0]: _url(pixels[place], heatmap) for place, heatmap in heatmaps}


def _url(grey: np.ndarray, heatmap: np.ndarray) -> str:
    """The map on the film as the model takes it, small."""
    buffer = io.BytesIO()
    Image.fromarray(overlay(grey, heatmap)).resize((SIDE, SIDE)).save(buffer, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
