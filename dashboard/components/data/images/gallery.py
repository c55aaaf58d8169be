"""Page through the chosen images of a data set."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from core.counted import class_words
from core.datasets import Dataset
from core.errors import InputError
from dashboard.components.data.catalogue import Catalogue
from dashboard.components.images.image_dialog import encode, look

PER_PAGE = 16
HERE = Path(__file__)
THUMBNAIL = 224  # decoded side, pixels


_tiles = st.components.v2.component(
    "pneumolens_gallery",
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,
)


def gallery(dataset: Dataset, catalogue: Catalogue, positions: np.ndarray) -> None:
    """Thumbnails with paging, drawn by the browser as one piece; a click on one opens the viewer."""
    n_pages = -(-len(positions) // PER_PAGE)
    page = st.pagination(n_pages, key="gallery_page", bind="query-params") if n_pages > 1 else 1
    first = (page - 1) * PER_PAGE
    shown = positions[first : first + PER_PAGE]
    rows = dataset.samples.iloc[shown]
    pictures = thumbnails(dataset.fingerprint, tuple(rows["sample_id"]), dataset)
    splits = catalogue.table["split"].iloc[shown]
    tiles = [tile(*one) for one in zip(rows.itertuples(), splits, pictures, strict=True)]
    opened = _tiles(key="gallery_tiles", data={"tiles": tiles}, on_opened_change=lambda: None).opened
    if opened is not None and opened < len(shown):
        look(dataset, positions, first + int(opened))


def tile(row, split: str, picture: bytes | str) -> dict:
    """One picture as the browser gets it; the reason in its place where it cannot be read."""
    kind = class_words(row.subtype if pd.notna(row.subtype) else row.class_name, begins=True)
    label = f"{kind[:24]}, {split}"
    if isinstance(picture, str):
        return {"label": f"{label}: {picture}", "alt": f"{label}: {row.sample_id}", "picture": ""}
    return {"label": label, "alt": f"{label}: chest X-ray {row.sample_id}", "picture": _source(picture)}


def smaller(dataset: Dataset, sample_id: str, side: int) -> str:
    """A sample padded to a square of `side` pixels as a data URL; empty where it cannot be read."""
    try:
        return _source(encode(dataset.read(sample_id, side, "pad"), 80))
    except InputError:
        return ""


@st.cache_data(max_entries=128, show_spinner=False)
def thumbnails(fingerprint: str, sample_ids: tuple[str, ...], _dataset: Dataset) -> list[bytes | str]:
    """JPEG bytes of each sample, padded to a square so that its proportions show; the reason where it cannot be read."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda sample_id: _thumbnail(_dataset, sample_id), sample_ids))


def _source(picture: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(picture).decode()


def _thumbnail(dataset: Dataset, sample_id: str) -> bytes | str:
    try:
        return encode(dataset.read(sample_id, THUMBNAIL, "pad"))
    except InputError as error:
        return str(error)
