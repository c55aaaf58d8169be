"""Images on which runs are right or wrong: which, how surely, what they show."""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Sequence
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from core.datasets import Dataset
from core.errors import InputError
from core.metrics.verdicts import Verdicts
from dashboard import state

N_SHOWN = 50
THUMBNAIL = 96
SUREST = "1 − probability of the true class, of the run that is most surely wrong"


def parts(verdicts: Verdicts, letters: Sequence[str]) -> dict[str, np.ndarray]:
    """Images by who is right, the parts of a whole: what each is called, and a mask of shape (n_samples,).

    The first part is where all runs are right, the last where all are wrong.
    """
    correct = verdicts.correct
    if len(letters) == 1:
        return {"Right": correct[0], "Wrong": ~correct[0]}
    if len(letters) == 2:
        a, b = letters
        mixed = {f"{a} right, {b} wrong": correct[0] & ~correct[1], f"{a} wrong, {b} right": ~correct[0] & correct[1]}
        return {"Both right": correct.all(axis=0)} | mixed | {"Both wrong": ~correct.any(axis=0)}
    n_wrong = (~correct).sum(axis=0)
    alone = {f"Only {letter} wrong": (n_wrong == 1) & ~correct[number] for number, letter in enumerate(letters)}
    several = (n_wrong > 1) & (n_wrong < len(letters))
    return {"All right": n_wrong == 0} | alone | {"Several wrong": several, "All wrong": n_wrong == len(letters)}


def pictures(fingerprints: Collection[str]) -> Dataset | None:
    """The data set to take thumbnails from, or None and a line that says why; a word of caution if it is not the one scored.

    Parameters
    ----------
    fingerprints : collection of str
        Of the data sets on which the runs were scored.
    """
    try:
        dataset = state.dataset()
    except InputError as error:
        st.caption(f"No thumbnails: {error}")
        return None
    if not dataset.has_pixels:
        st.caption("Thumbnails appear when `PNEUMOLENS_DATA` names the folder of images; get them with `python -m core fetch kaggle DEST`.")
        return None
    if dataset.fingerprint not in fingerprints:
        st.caption(f"The thumbnails come from {dataset.title!r}, whose files differ from those that these runs were scored on.")
    return dataset


def show_table(table: pd.DataFrame, dataset: Dataset | None, runs: Sequence[str], file_name: str) -> None:
    """The first rows with thumbnails and links to Inspect; all of them as CSV."""
    shown = table.head(N_SHOWN).copy()
    if dataset is not None:
        shown.insert(0, "image", [thumbnail(dataset, sample_id) for sample_id in shown["sample_id"]])
    shown.insert(1 if dataset is not None else 0, "look", [inspect_address(sample_id, runs) for sample_id in shown["sample_id"]])
    st.dataframe(shown, hide_index=True, column_config=_columns(table), row_height=56 if dataset is not None else None, height="auto",
                 alt="Images with each run's answer, the surest error first")  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(_shown_text(len(shown), len(table)), width="content")
        st.download_button("All as CSV", table.to_csv(index=False), file_name, "text/csv", icon=":material/download:", on_click="ignore")


def inspect_address(sample_id: str, runs: Sequence[str]) -> str:
    """The address of Inspect with this sample and these runs."""
    return f"inspect?{urlencode({'inspect_sample': sample_id, 'inspect_runs': list(runs)}, doseq=True)}"


def thumbnail(dataset: Dataset, sample_id: str) -> str | None:
    """A sample as a small data URL; None if it is not in the data set or cannot be read."""
    try:
        return _thumbnail(dataset.fingerprint, sample_id, dataset)
    except InputError:
        return None


@st.cache_data(max_entries=5000, show_spinner=False)
def _thumbnail(fingerprint: str, sample_id: str, _dataset: Dataset) -> str:
    buffer = io.BytesIO()
    Image.fromarray(_dataset.read(sample_id, THUMBNAIL, "pad")).save(buffer, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _columns(table: pd.DataFrame) -> dict:
    columns = {
        "image": st.column_config.ImageColumn("Image", width=64),
        "look": st.column_config.LinkColumn("", display_text="Inspect", width=80),
        "sample_id": st.column_config.TextColumn("Sample", width=300),
        "truth": "Truth",
        "subtype": "Sub-type",
        "patient_id": "Patient",
        "surest_error": st.column_config.NumberColumn("Surest error", format="%.3f", help=SUREST),
    }
    return columns | {name: st.column_config.NumberColumn(name, format="%.3f") for name in table.columns if ": p(" in name}


def _shown_text(n_shown: int, n: int) -> str:
    if n_shown < n:
        return f"The {n_shown} surest errors of {n:,} images; the CSV holds all."
    return f"{n:,} images, the surest error first."
