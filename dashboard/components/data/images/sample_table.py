"""The chosen samples as a table: select a row to see it, or take it to Inspect with one click."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import streamlit as st

from core.datasets import Dataset
from core.text import as_csv
from dashboard.components.images.image_dialog import elsewhere, show_facts, show_picture
from dashboard.components.links import inspect_link

MOST_ROWS = 1000
COLUMNS = ["sample_id", "split", "class_name", "subtype", "patient_id", "width", "height", "mode", "n_bytes", "quantisation_sum",
           "mean_intensity", "std_intensity"]  # fmt: skip


def sample_table(dataset: Dataset, positions: np.ndarray) -> None:
    """Names and facts of the first thousand, the selected one beside them, all of them as CSV."""
    shown = dataset.samples.iloc[positions[:MOST_ROWS]][COLUMNS].reset_index(drop=True)
    if dataset.has_pixels:
        data = {"inspect_data": path} if (path := elsewhere(dataset)) else {}
        shown.insert(0, "look", [f"inspect?{urlencode({'inspect_sample': sample_id} | data)}" for sample_id in shown["sample_id"]])
    table, one = st.columns([3, 2])
    with table:
        chosen = st.dataframe(
            shown, hide_index=True, height=420, placeholder="–", key="data_table", on_select="rerun", selection_mode="single-row",
            column_config=_config(), alt="Names and facts of the chosen samples",
        ).selection.rows  # fmt: skip
        if len(positions) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS:,} of {len(positions):,}; the CSV holds all.")
        _download(dataset, positions)
    with one:
        if chosen and chosen[0] < len(shown):
            row = dataset.samples.iloc[positions[chosen[0]]]
            if dataset.has_pixels:
                inspect_link("Open in Inspect", sample_id=row["sample_id"], data=elsewhere(dataset))
                show_picture(dataset, row)
            show_facts(row)
        else:
            st.info("Select a row to see it here" + (", or click its link to open it in Inspect." if dataset.has_pixels else "."))


def _download(dataset: Dataset, positions: np.ndarray) -> None:
    def csv() -> str:
        return as_csv(dataset.samples.iloc[positions].drop(columns="path"))

    st.download_button("Download the chosen samples (CSV)", csv, "samples.csv", "text/csv", icon=":material/download:", on_click="ignore")


def _config() -> dict:
    column = st.column_config
    return {
        "look": column.LinkColumn("", display_text="Inspect", width=70),
        "sample_id": column.TextColumn("Sample", width=260),
        "split": "Split",
        "class_name": "Class",
        "subtype": "Sub-type",
        "patient_id": "Patient",
        "width": column.NumberColumn("Width", help="Pixels"),
        "height": column.NumberColumn("Height", help="Pixels"),
        "mode": column.TextColumn("Format", help="Pillow's name of the pixel format: L is grey, RGB is colour."),
        "n_bytes": column.NumberColumn("Bytes", format="localized"),
        "quantisation_sum": column.NumberColumn("JPEG table", help="Sum of the luminance quantisation table: small is high quality."),
        "mean_intensity": column.NumberColumn("Mean grey", format="%.0f"),
        "std_intensity": column.NumberColumn("SD grey", format="%.0f", help="Standard deviation of the grey levels: contrast."),
    }
