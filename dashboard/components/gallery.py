"""Page through the chosen images of a data set."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.errors import InputError
from dashboard.components.catalogue import Catalogue
from dashboard.components.markdown import plain
from dashboard.components.viewer import encode, look

PER_PAGE = 16
TILE, THUMBNAIL = 144, 224  # drawn and decoded side, pixels


def gallery(dataset: Dataset, catalogue: Catalogue, positions: np.ndarray) -> None:
    """Thumbnails with paging; a click on a label opens the viewer."""
    n_pages = -(-len(positions) // PER_PAGE)
    page = st.pagination(n_pages, key="gallery_page", bind="query-params") if n_pages > 1 else 1
    first = (page - 1) * PER_PAGE
    shown = positions[first : first + PER_PAGE]
    rows = dataset.samples.iloc[shown]
    pictures = thumbnails(dataset.fingerprint, tuple(rows["sample_id"]), dataset)
    with st.container(horizontal=True):
        for number, (row, position, picture) in enumerate(zip(rows.itertuples(), shown, pictures, strict=True)):
            with st.container(width=TILE, gap=None):
                if _tile(row, catalogue.table["split"].iat[position], picture):
                    look(dataset, positions, first + number)


def _tile(row, split: str, picture: bytes | str) -> bool:
    """One picture and the button below it; whether it was pressed."""
    kind = (row.subtype if pd.notna(row.subtype) else row.class_name).capitalize()
    if isinstance(picture, str):
        st.warning(plain(picture))
        return False
    st.image(picture, width=TILE, alt=f"Chest X-ray {row.sample_id}, labelled {kind.lower()}")
    return st.button(f"{plain(kind[:24])}, {split}", key=f"look_{row.sample_id}", type="tertiary")


@st.cache_data(max_entries=128, show_spinner=False)
def thumbnails(fingerprint: str, sample_ids: tuple[str, ...], _dataset: Dataset) -> list[bytes | str]:
    """JPEG bytes of each sample, padded to a square so that its proportions show; the reason where it cannot be read."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda sample_id: _thumbnail(_dataset, sample_id), sample_ids))


def _thumbnail(dataset: Dataset, sample_id: str) -> bytes | str:
    try:
        return encode(dataset.read(sample_id, THUMBNAIL, "pad"))
    except InputError as error:
        return str(error)
