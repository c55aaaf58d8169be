"""Each run's small map on the tiles of a gallery: one sees at a glance that a model looks at a letter."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping

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
from dashboard.components.compare.comparison import Comparison
from dashboard.components.markdown import plain
from dashboard.components.query_params import keep_in_link
from dashboard.turns import giving_way

SIDE = 96  # pixels of a small map
AT_ONCE = 4  # films of a run, computed and kept together: what a reader waits for before the next maps appear, or before a click is heard
HELP = (
    "Grad-CAM of each run for the class that it calls, computed for the films of this page as they come, and kept. Switch it off, or click "
    "anything else, to cancel."
)
Maps = Mapping[tuple[str, str], str]  # data URLs by sample and label


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
    wanted = st.toggle("Show maps on these films", key=f"{key}_maps", help=HELP)
    keep_in_link(f"{key}_maps", ["true"] if wanted else [], default=[])  # a bound widget of a fragment in a fragment leaves the link alone
    yield {}
    calls = _all_calls(table, comparison, dataset) if wanted else {}
    if total := sum(map(len, calls.values())):
        bar = st.progress(0.0, text="Computing maps …")
        tell = giving_way(lambda done, total: bar.progress(min(done / total, 1.0), text=f"Computing maps: {done:,} of {total:,}"))
        found: dict[tuple[str, str], str] = {}
        for start in range(0, len(table), AT_ONCE):
            for label, films in calls.items():
                found |= _some(comparison.runs[label], label, films[start : start + AT_ONCE], dataset)
                tell(len(found), total)
            yield found
        bar.empty()


def _some(run: Run, label: str, calls: tuple[tuple[str, str], ...], dataset: Dataset) -> dict[tuple[str, str], str]:
    """A few small maps of a run, or a line that says why there are none."""
    try:
        urls = _small_maps(stamp(run), dataset.fingerprint, calls, run, dataset) if calls else {}
    except InputError as error:
        st.caption(f"{plain(label)}: no maps. {plain(error)}")
        return {}
    return {(sample_id, label): url for sample_id, url in urls.items()}


def _all_calls(table: pd.DataFrame, comparison: Comparison, dataset: Dataset) -> dict[str, tuple[tuple[str, str], ...]]:
    """The films to make maps of, with the class called, by label; a run that has no maps is named and left out."""
    calls = {}
    for label, run in comparison.runs.items():
        try:
            calls[label] = _calls(run, dataset, table, label)
        except InputError as error:
            st.caption(f"{plain(label)}: no maps. {plain(error)}")
    return calls


def _calls(run: Run, dataset: Dataset, table: pd.DataFrame, label: str) -> tuple[tuple[str, str], ...]:
    """Sample and class called; of films that are not in the data set there is no map."""
    if run.config.members:
        raise InputError("An ensemble has no map of its own.")
    if not set(table[f"{label}: called"]) <= set(run.config.class_names):
        raise InputError("It tells more classes apart than are compared here.")
    if not run.model_path.exists():
        raise InputError("Its model file is not here.")
    known = table["sample_id"].isin(dataset.samples["sample_id"])
    return tuple(zip(table.loc[known, "sample_id"], table.loc[known, f"{label}: called"], strict=True))


@st.cache_data(max_entries=500, show_spinner=False)
def _small_maps(stamp: tuple, fingerprint: str, calls: tuple[tuple[str, str], ...], _run: Run, _dataset: Dataset) -> dict[str, str]:
    from core.inference.maps import maps_of  # TensorFlow, which no other part of Compare loads

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
