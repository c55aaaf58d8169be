"""Single test images with each run's score: pictures where there is a data set, else names; each opens in Inspect."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urlencode

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from core.counted import class_words
from core.datasets import Dataset
from core.errors import InputError
from core.metrics.per_image import Verdicts
from core.runs.identity.letters import letter_of
from core.text import as_csv
from core.text import html as escape
from dashboard import state
from dashboard.components.chips import chip_html
from dashboard.components.compare.comparison import Comparison
from dashboard.components.compare.maps.tile_maps import Maps, maps_on_tiles
from dashboard.components.images.image_dialog import elsewhere
from dashboard.components.links import inspect_address
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset, whole_link

PER_PAGE = 16
THUMBNAIL = 144
PICTURES, TABLE = "Pictures", "Table"
CONFIDENT = "1 − probability of the true class, of the run that is wrong and surest of it"
NO_ERROR = "none of them called wrong, so the least sure first"
GAP = "Largest difference between two runs in the probability of one class"
GRID = "display:grid;grid-template-columns:repeat(auto-fill,minmax(140px,1fr));gap:1rem .8rem"
LINK = "color:inherit;text-decoration:none;font-size:.8rem"
MISSING = "aspect-ratio:1;border:1px dashed currentColor;border-radius:.4rem;display:grid;place-items:center;opacity:.5"
IMAGE = "width:100%;aspect-ratio:1;object-fit:contain;background:#000;border-radius:.4rem;display:block"

_clicks = st.components.v2.component(
    "pneumolens_cases", js=Path(__file__).with_name("case_clicks.js").read_text("utf-8"), isolate_styles=False
)


def show_cases(answers: Verdicts, rows: np.ndarray, comparison: Comparison, file_name: str, key: str, order: str = "") -> None:
    """A page of images, and all of them as CSV; a line that says so if there is none.

    The choice of view stands there without images too: a bound widget that goes and comes makes the server send the whole link
    as it knows it, over what the reader has chosen since.

    Parameters
    ----------
    answers : Verdicts
    rows : ndarray of shape (n_cases,), int
        Positions of the images, in the order of `Verdicts.ordered`.
    comparison : Comparison
    file_name : str
        Of the CSV, without its ending.
    key : str
        Begins the keys of the widgets here.
    order : str
        How `rows` are ordered; if empty, the most confident error first, or where no run errs, the least sure.
    """
    dataset, view, labels = _pictures(comparison), TABLE, list(comparison.runs)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if dataset is not None:
            preset(f"{key}_view", (PICTURES, TABLE), PICTURES)
            view = st.segmented_control(
                "View", [PICTURES, TABLE], key=f"{key}_view", required=True, label_visibility="collapsed", bind="query-params"
            )
        if not len(rows):
            st.info("There is no such image.")
            return
        order = order or ("the most confident error first" if not answers.correct[:, rows].all() else NO_ERROR)
        n = "1 image" if len(rows) == 1 else f"{len(rows):,} images, {order}"
        st.caption(f"{n}.", width="content")
        st.download_button(
            "All as CSV",
            lambda: as_csv(answers.table_of(rows, labels)),
            f"{file_name}.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    n_pages = -(-len(rows) // PER_PAGE)
    page = st.pagination(n_pages, key=f"{key}_page", bind="query-params") if n_pages > 1 else 1
    shown = answers.table_of(rows[(page - 1) * PER_PAGE : page * PER_PAGE], labels)
    back = urlencode(whole_link(), doseq=True)
    data = elsewhere(dataset) if dataset and dataset.root else None
    links = [inspect_address(sample_id, [run.name for run in comparison.runs.values()], back, data) for sample_id in shown["sample_id"]]
    pictures = [thumbnail(dataset, sample_id) for sample_id in shown["sample_id"]] if view == PICTURES else []
    if any(pictures):
        _show_pictures(shown, links, pictures, comparison, dataset, key)
    else:
        if view == PICTURES:
            st.caption(f"No image of these is in {plain(dataset.title)}, so their names stand alone.")
        _show_table(shown.assign(look=links), labels)
    st.caption("A model's output for research and education, not a diagnosis.")


@st.fragment
def _show_pictures(
    table: pd.DataFrame, links: Sequence[str], pictures: Sequence[str | None], comparison: Comparison, dataset: Dataset, key: str
) -> None:
    """The films, and their maps as they come: a fragment, so that switching these on draws nothing else anew."""
    coming = maps_on_tiles(table, comparison, dataset, key)
    first, place = next(coming), st.empty()  # the switch stands above the films
    place.html(tiles(table, links, pictures, comparison, first))
    _links_within_app(links, key)
    score = f"probability of {class_words(comparison.panel.class_names[1])}" if comparison.binary else "probability of the class it gives"
    st.caption(f"Beside each run's letter: its {score}. Click a picture to inspect it with these models.")
    for maps in coming:
        place.html(tiles(table, links, pictures, comparison, maps))


def _links_within_app(links: Sequence[str], key: str) -> None:
    """What `case_clicks.js` clicks for a reader who clicks a picture."""
    with st.container(key=f"{key}_case_links"):
        for link in links:
            st.page_link("views/inspect.py", label="Inspect", query_params=parse_qs(link.partition("?")[2]))
    _clicks(key=f"{key}_case_clicks")


def thumbnail(dataset: Dataset, sample_id: str) -> str | None:
    """A sample as a small data URL; None if it is not in the data set or cannot be read."""
    try:
        return _thumbnail(dataset.fingerprint, sample_id, dataset)
    except InputError:
        return None


def tiles(
    table: pd.DataFrame, links: Sequence[str], pictures: Sequence[str | None], comparison: Comparison, maps: Maps | None = None
) -> str:
    """A grid of pictures as HTML, each a link, with the small maps of the runs, the truth and every run's score below."""
    rows = zip(table.to_dict("records"), links, pictures, strict=True)
    return f'<div style="{GRID}">{"".join(_tile(row, link, picture, comparison, maps or {}) for row, link, picture in rows)}</div>'


def _tile(row: dict, link: str, picture: str | None, comparison: Comparison, maps: Maps) -> str:
    name = PurePosixPath(row["sample_id"]).name
    truth = class_words(row["truth"] if pd.isna(row["subtype"]) else row["subtype"], begins=True)
    shown = (
        f'<img src="{picture}" alt="Chest X-ray {escape(name)}" style="{IMAGE}">' if picture else f'<div style="{MISSING}">no image</div>'
    )
    scores = "".join(_score(row, label, comparison) for label in comparison.runs)
    shown += _small_maps(row["sample_id"], comparison, maps)
    return (
        f'<a href="{escape(link)}" target="_self" data-case title="Open {escape(name)} in Inspect" style="{LINK}">'
        f'{shown}<div style="margin-top:.3rem"><b>{escape(truth)}</b></div>{scores}'
        f'<div style="opacity:.65;overflow-wrap:anywhere;font-size:.72rem">{escape(name)}</div></a>'
    )


def _small_maps(sample_id: str, comparison: Comparison, maps: Maps) -> str:
    """The map of each run that has one, framed in the run's colour."""
    found = [(letter, label) for label, letter in zip(comparison.runs, comparison.letters, strict=True) if (sample_id, label) in maps]
    images = "".join(
        f'<img src="{maps[sample_id, label]}" alt="Map of {escape(letter)}" title="Grad-CAM of {escape(letter)} for the class it calls" '
        f'style="flex:1;min-width:0;max-width:50%;aspect-ratio:1;border-bottom:3px solid {comparison.colours[label]}">'
        for letter, label in found
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:2px;margin-top:2px">{images}</div>' if images else ""


def _score(row: dict, label: str, comparison: Comparison) -> str:
    score = next(value for name, value in row.items() if name.startswith(f"{label}: p("))
    called = row[f"{label}: called"]
    mark = "✓" if called == row["truth"] else "✗"
    chip = chip_html(label, comparison.colours[label])
    return f'<div style="margin-top:.15rem">{chip} {score:.3f} {mark} <span style="opacity:.75">{escape(class_words(called))}</span></div>'


def _show_table(table: pd.DataFrame, labels: Sequence[str]) -> None:
    columns = {
        "look": st.column_config.LinkColumn("", display_text="Inspect", width=80, pinned=True),
        "sample_id": st.column_config.TextColumn("Sample", width=300),
        "truth": "Truth",
        "subtype": "Sub-type",
        "patient_id": "Patient",
        "most_confident_error": st.column_config.NumberColumn("Most confident error", format="%.3f", help=CONFIDENT),
        "largest_gap": st.column_config.NumberColumn("Largest gap of scores", format="%.3f", help=GAP),
    }
    columns |= {name: _of_run(name, label) for label in labels for name in table.columns if name.startswith(f"{label}: ")}
    st.dataframe(table, hide_index=True, placeholder="–", column_config=columns, alt="Images with each run's answer")


def _of_run(name: str, label: str) -> dict:
    """A column on one run, headed by the run's letter alone: names are long, and stand above."""
    heading = f"[{letter_of(label)}] {name.removeprefix(f'{label}: ')}"
    if ": p(" in name:
        return st.column_config.NumberColumn(heading, format="%.3f", help=plain(name))
    return st.column_config.TextColumn(heading, help=plain(name))


def _pictures(comparison: Comparison) -> Dataset | None:
    """The data set to take thumbnails from, or None and a line that says why; a word of caution if it is not the one scored."""
    try:
        dataset = state.dataset()
    except InputError as error:
        st.caption(f"No thumbnails: {plain(error)}")
        return None
    if not dataset.has_pixels:
        st.caption("Thumbnails appear once images are in use: choose them on the Data page.")
        return None
    if dataset.fingerprint not in {run.config.fingerprint for run in comparison.runs.values()}:
        st.caption(f"The thumbnails come from {plain(dataset.title)}, whose files differ from those that these runs were scored on.")
    return dataset


@st.cache_data(max_entries=5000, show_spinner=False)
def _thumbnail(fingerprint: str, sample_id: str, _dataset: Dataset) -> str:
    buffer = io.BytesIO()
    Image.fromarray(_dataset.read(sample_id, THUMBNAIL, "pad")).save(buffer, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"
