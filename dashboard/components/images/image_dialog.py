"""One image at its own resolution, its facts, its neighbours, and the way to Inspect."""

from __future__ import annotations

import io
import os
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from core.datasets import Dataset
from core.errors import InputError
from dashboard.components.links import inspect_link
from dashboard.components.markdown import plain

PLACE = "viewer_place"


def look(dataset: Dataset, positions: np.ndarray, place: int) -> None:
    """Open the viewer on the image at `place` of the chosen `positions`."""
    st.session_state[PLACE] = place
    _viewer(dataset, positions)


@st.dialog("One image", width="large")
def _viewer(dataset: Dataset, positions: np.ndarray) -> None:
    place = min(st.session_state[PLACE], len(positions) - 1)
    row = dataset.samples.iloc[positions[place]]
    picture, facts = st.columns([3, 2])
    with picture:
        show_picture(dataset, row)
    with facts:
        show_facts(row)
        inspect_link("Open in Inspect", sample_id=row["sample_id"], data=elsewhere(dataset))
        with st.container(horizontal=True):
            first, last = place == 0, place == len(positions) - 1
            st.button("Previous", icon=":material/chevron_left:", on_click=_turn, args=(-1,), disabled=first, shortcut="Left")
            st.button("Next", icon=":material/chevron_right:", on_click=_turn, args=(1,), disabled=last, shortcut="Right")
        st.caption(f"{place + 1:,} of {len(positions):,} chosen images; the arrow keys turn the pages.")


def show_picture(dataset: Dataset, row: pd.Series) -> None:
    """The sample at its own resolution, as large as there is room; a sentence where it cannot be read."""
    try:
        picture = encode(dataset.read(row["sample_id"]))
    except InputError as error:
        st.warning(plain(str(error)))
        return
    st.image(picture, width="stretch", alt=f"Chest X-ray {row['sample_id']}")


def show_facts(row: pd.Series) -> None:
    """Name, label, patient and file of one sample."""
    st.markdown(f"**{plain(PurePosixPath(row['sample_id']).name)}**")
    st.markdown("\n".join(f"- {plain(fact)}" for fact in facts_of(row)))


def elsewhere(dataset: Dataset) -> str | None:
    """The path of the data set; None if it is the one that the dashboard was started with."""
    default = os.environ.get("PNEUMOLENS_DATA")
    return None if default and Path(default).expanduser().resolve() == dataset.root else str(dataset.root)


def facts_of(row: pd.Series) -> list[str]:
    """What the sample table knows of one sample, a line each."""
    kind = row["class_name"] if pd.isna(row["subtype"]) or row["subtype"] == row["class_name"] else f"{row['class_name']}, {row['subtype']}"
    patient = "" if pd.isna(row["patient_id"]) else row["patient_id"].rpartition("/")[2]
    facts = [f"Label: {kind}", f"Folder: {row['split']}", f"Patient: {patient or 'unknown'}"]
    if pd.notna(row["width"]):
        facts.append(f"Picture: {row['width']} × {row['height']} px{'' if pd.isna(row['mode']) else ', ' + row['mode']}")
    if pd.notna(row["n_bytes"]):
        facts.append(f"File: {row['n_bytes'] / 1e3:,.0f} kB")
    if pd.notna(row["quantisation_sum"]):
        facts.append(f"JPEG quantisation table: sum {row['quantisation_sum']:,}")
    if pd.notna(row["mean_intensity"]):
        facts.append(f"Grey levels: mean {row['mean_intensity']:.0f}, standard deviation {row['std_intensity']:.0f}")
    return facts


def encode(grey: np.ndarray, quality: int = 88) -> bytes:
    """Grey levels (height, width) as JPEG bytes."""
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _turn(step: int) -> None:
    st.session_state[PLACE] += step
