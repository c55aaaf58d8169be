"""Each run's small map on the tiles of a gallery: one sees at a glance that a model looks at a letter."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from core.datasets import Dataset
from core.errors import InputError
from core.runs.run import Run
from core.runs.stamp import stamp
from core.saliency.heatmap import on_picture
from core.saliency.overlay import overlay
from dashboard import state
from dashboard.components.compare.comparison import Comparison
from dashboard.components.markdown import plain

SIDE = 96  # pixels of a small map
METHOD = "grad_cam"
HELP = "Grad-CAM of each run for the class that it calls, computed for the films of this page and kept. Switch it off to cancel."
Maps = Mapping[tuple[str, str], str]  # data URLs by sample and label


def maps_on_tiles(table: pd.DataFrame, comparison: Comparison, dataset: Dataset, key: str) -> Maps:
    """A switch, and the maps of a page of films once it is on; what a run lacks for maps is said, and stops no other.

    Parameters
    ----------
    table : DataFrame
        ``sample_id, <label>: called`` of the films.
    comparison : Comparison
    dataset : Dataset
    key : str
        Begins the key of the switch.
    """
    if not st.toggle("Show maps on these films", key=f"{key}_maps", help=HELP, bind="query-params"):
        return {}
    found, bar = {}, st.progress(0.0, text="Computing maps …")
    for done, (label, run) in enumerate(comparison.runs.items()):
        bar.progress(done / len(comparison.runs), text=f"Computing the maps of {plain(label)} …")
        try:
            found |= {(sample_id, label): url for sample_id, url in _of_run(run, dataset, table, label).items()}
        except InputError as error:
            st.caption(f"{plain(label)}: no maps. {plain(error)}")
    bar.empty()
    return found


def _of_run(run: Run, dataset: Dataset, table: pd.DataFrame, label: str) -> dict[str, str]:
    """The small maps of a run by sample; of films that are not in the data set there is none."""
    known = set(dataset.samples["sample_id"])
    calls = {row["sample_id"]: row[f"{label}: called"] for _, row in table.iterrows() if row["sample_id"] in known}
    if run.config.members:
        raise InputError("An ensemble has no map of its own.")
    if not set(calls.values()) <= set(run.config.class_names):
        raise InputError("It tells more classes apart than are compared here.")
    return _small_maps(stamp(run), dataset.fingerprint, tuple(calls.items()), run, dataset) if calls else {}


@st.cache_data(max_entries=60, show_spinner=False)
def _small_maps(stamp: tuple, fingerprint: str, calls: tuple[tuple[str, str], ...], _run: Run, _dataset: Dataset) -> dict[str, str]:
    from core.inference.atlas import maps_of  # TensorFlow, which no other part of Compare loads

    config = _run.config
    called = np.array([config.class_names.index(name) for _, name in calls])
    pixels = np.stack([_dataset.read(sample_id, config.image_size, config.recipe.resize) for sample_id, _ in calls])
    heatmaps = maps_of(_run, state.model(_run), pixels, np.arange(len(calls)), called, METHOD)
    return {
        calls[place][0]: _url(_dataset.read(calls[place][0], SIDE, "squash"), heatmap, config.recipe.resize) for place, heatmap in heatmaps
    }


def _url(grey: np.ndarray, heatmap: np.ndarray, resize: str) -> str:
    buffer = io.BytesIO()
    Image.fromarray(overlay(grey, on_picture(heatmap, resize, *grey.shape))).save(buffer, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
