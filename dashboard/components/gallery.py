"""Page through the images of a data set, and look at one of them."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

import pandas as pd
import streamlit as st
from PIL import Image

from core.datasets import Dataset
from core.errors import InputError
from dashboard.components.address import preset
from dashboard.components.links import inspect_link
from dashboard.components.next_steps import how_to_fetch

ALL = "all"
CLICKS = "balance_clicks"
PER_PAGE = 16
TILE, THUMBNAIL = 144, 224  # drawn and decoded side, pixels
FACTS = ["sample_id", "split", "class_name", "subtype", "patient_id", "width", "height", "mode", "n_bytes", "mean_intensity"]


def filter_samples(samples: pd.DataFrame, split: pd.Series) -> pd.DataFrame:
    """Widgets for split, class and name; the samples that pass, in an order that is random but always the same."""
    classes = list(dict.fromkeys([*samples["class_name"], *samples["subtype"].dropna()]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen_split = _choice("Split", "gallery_split", [ALL, *(s for s in ("train", "val", "test") if (split == s).any())])
        chosen_class = _choice("Class", "gallery_class", [ALL, *classes])
        name = st.text_input("Name", key="gallery_name", placeholder="such as person12", width=220, bind="query-params")
    table = samples.assign(split=split)
    if chosen_split != ALL:
        table = table[table["split"] == chosen_split]
    if chosen_class != ALL:
        table = table[(table["class_name"] == chosen_class) | (table["subtype"] == chosen_class).fillna(False)]
    if name:
        table = table[table["sample_id"].str.contains(name.strip(), case=False, regex=False)]
    return table.sample(frac=1, random_state=0)


def follow_click(key: str) -> None:
    """Set the filters to the part of the balance chart that was clicked: called when the chart `key` is selected."""
    points = st.session_state[key].selection.points
    names = (points[0]["id"].split("/") if points else []) + [ALL, ALL]
    st.session_state["gallery_split"] = names[0]
    st.session_state["gallery_class"] = names[2] if names[2] != ALL else names[1]
    st.session_state[CLICKS] = clicks() + 1


def clicks() -> int:
    """How often a part was clicked: the chart zooms into it unless it is drawn anew."""
    return st.session_state.get(CLICKS, 0)


def gallery(dataset: Dataset, chosen: pd.DataFrame) -> None:
    """Thumbnails with paging; names and facts where there are no pixels."""
    st.caption(f"{len(chosen):,} of {len(dataset.samples):,} images, in an order that is random but always the same.")
    if chosen.empty:
        st.info("No image passes these filters; widen them.")
    elif dataset.has_pixels:
        _tiles(dataset, _page(chosen))
    else:
        st.info("The shipped index holds names and facts, no pixels. Fetch the images to see them:")
        how_to_fetch()
        st.dataframe(chosen[FACTS].head(500), hide_index=True, height=320, alt="Names and facts of the samples")


def _choice(title: str, key: str, options: list[str]) -> str:
    preset(key, options, ALL)
    return st.selectbox(title, options, key=key, width=160, bind="query-params")


def _page(chosen: pd.DataFrame) -> pd.DataFrame:
    n_pages = -(-len(chosen) // PER_PAGE)
    page = st.pagination(n_pages, key="gallery_page", bind="query-params") if n_pages > 1 else 1
    return chosen.iloc[(page - 1) * PER_PAGE : page * PER_PAGE]


def _tiles(dataset: Dataset, page: pd.DataFrame) -> None:
    pictures = thumbnails(dataset.fingerprint, tuple(page["sample_id"]), dataset)
    with st.container(horizontal=True):
        for row, picture in zip(page.itertuples(), pictures, strict=True):
            with st.container(width=TILE, gap=None):
                _tile(dataset, row, picture)


def _tile(dataset: Dataset, row, picture: bytes | str) -> None:
    kind = (row.subtype if pd.notna(row.subtype) else row.class_name).capitalize()
    if isinstance(picture, str):
        st.warning(picture)
        return
    st.image(picture, width=TILE, alt=f"Chest X-ray {row.sample_id}, labelled {kind.lower()}")
    if st.button(f"{kind}, {row.split}", key=f"look_{row.sample_id}", type="tertiary"):
        look(dataset, row.sample_id)


@st.cache_data(max_entries=128, show_spinner=False)
def thumbnails(fingerprint: str, sample_ids: tuple[str, ...], _dataset: Dataset) -> list[bytes | str]:
    """JPEG bytes of each sample, padded to a square so that its proportions show; the reason where it cannot be read."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda sample_id: _encode(_dataset, sample_id), sample_ids))


def _encode(dataset: Dataset, sample_id: str, size: int | None = THUMBNAIL) -> bytes | str:
    try:
        grey = dataset.read(sample_id, size, "pad")
    except InputError as error:
        return str(error)
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


@st.dialog("One image", width="large")
def look(dataset: Dataset, sample_id: str) -> None:
    """A sample at its own resolution, its facts, and the way to Inspect."""
    picture = _encode(dataset, sample_id, None)
    if isinstance(picture, str):
        st.warning(picture)
        return
    row = dataset.samples.set_index("sample_id").loc[sample_id]
    image, facts = st.columns([3, 2])
    image.image(picture, width=480, alt=f"Chest X-ray {sample_id}")
    with facts:
        st.markdown(f"**{PurePosixPath(sample_id).name}**")
        st.markdown("\n".join(f"- {fact}" for fact in _facts(row)))
        inspect_link("Open in Inspect", sample_id=sample_id)


def _facts(row: pd.Series) -> list[str]:
    kind = row["class_name"] if pd.isna(row["subtype"]) or row["subtype"] == row["class_name"] else f"{row['class_name']}, {row['subtype']}"
    facts = [f"Label: {kind.lower()}", f"Folder: {row['split']}", f"Patient: {row['patient_id'].rpartition('/')[2]}"]
    if pd.notna(row["width"]):
        facts.append(f"Picture: {row['width']} × {row['height']} px, {row['mode']}")
    if pd.notna(row["n_bytes"]):
        facts.append(f"File: {row['n_bytes'] / 1e3:,.0f} kB")
    return facts
