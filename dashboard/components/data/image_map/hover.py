"""The films under the pointer on the map of the images, sent when the browser asks, in a fragment of their own."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.groups import groups_at_hand
from dashboard.components.data.catalogue import Catalogue
from dashboard.components.data.images.gallery import thumbnails

MOST_ASKED = 8
TITLES = {"train": "train", "val": "validation", "test": "test"}

_films = st.components.v2.component(
    "pneumolens_films",
    js="""export default function ({ data, setTriggerValue }) {
        const films = (window.pneumolensFilms ??= {});
        films.ask = (places) => setTriggerValue("asked", places);
        if (data.films.length) films.got?.(data.films);
    }""",
    isolate_styles=False,
)


@st.fragment
def answer_hover(dataset: Dataset, catalogue: Catalogue, key: str) -> None:
    """Send the films that the browser asked for by their places in the random order of the catalogue."""
    asked = _asked(len(catalogue.order))
    _films(key="data_map_films", data={"key": key, "films": films(dataset, catalogue, asked)}, on_asked_change=lambda: None)


def films(dataset: Dataset, catalogue: Catalogue, asked: list[int]) -> list[dict]:
    """Name, facts and picture of some films; ``place`` is what they were asked for by."""
    rows = catalogue.order[asked]
    samples = dataset.samples.iloc[rows]
    pictures = thumbnails(dataset.fingerprint, tuple(samples["sample_id"]), dataset) if dataset.has_pixels and asked else [""] * len(asked)
    grouping = groups_at_hand(dataset)
    group = [""] * len(rows) if grouping is None else [grouping.names[code] for code in grouping.codes[rows]]
    splits = catalogue.table["split"].iloc[rows]
    return [_film(*one) for one in zip(asked, samples.itertuples(), splits, group, pictures, strict=True)]


def _film(place: int, row, split: str, group: str, picture: bytes | str) -> dict:
    kind = row.class_name if pd.isna(row.subtype) or row.subtype == row.class_name else f"{row.class_name}, {row.subtype}"
    said = picture if isinstance(picture, str) else ""
    source = "" if said or not picture else "data:image/jpeg;base64," + base64.b64encode(picture).decode()
    lines = [kind, TITLES.get(split, split), group, said]
    return {"place": int(place), "name": row.sample_id.rpartition("/")[2], "lines": [line for line in lines if line], "picture": source}


def _asked(n: int) -> list[int]:
    """What the browser asked for, as far as there are such places."""
    state = st.session_state.get("data_map_films")
    asked = (state.get("asked") if state else None) or []
    places = [place for place in asked if isinstance(place, int) and 0 <= place < n] if isinstance(asked, list) else []
    return list(np.unique(places[:MOST_ASKED]).tolist())
