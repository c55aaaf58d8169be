"""The map of the images: points that a browser draws by WebGL; a lasso, a box or a click on it filters the page."""

from __future__ import annotations

import base64
import time
from pathlib import Path

import numpy as np
import streamlit as st

from core.counted import counted
from core.datasets import Dataset
from core.embedding import Area, Embedding, embed
from core.embedding.area import UNITS
from core.errors import InputError
from core.groups import unknown_look
from dashboard.components.data.catalogue import Catalogue
from dashboard.components.data.image_filter import Selection
from dashboard.components.data.image_map.area import draw, drawn, known_embedding
from dashboard.components.data.image_map.colours import Colouring, choose_colouring
from dashboard.components.data.image_map.hover import answer_hover
from dashboard.components.markdown import plain
from dashboard.turns import giving_way, turn

MOST_POINTS = 200_000  # that a browser gets; the filter looks at all
SECONDS_AN_IMAGE = 0.012  # to decode an image and look at it, and its share of the layout, on two cores
HERE = Path(__file__)

_points = st.components.v2.component(
    "pneumolens_image_map",
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,
)


def image_map(dataset: Dataset, catalogue: Catalogue, selection: Selection, n_classes: int) -> None:
    """The map with its legend; where it is not made yet, what to press; draws nothing else than that where it cannot be made.

    Parameters
    ----------
    dataset : Dataset
    catalogue : Catalogue
    selection : Selection
        The filter now: other points are faint.
    n_classes : {2, 3}
        Label scheme.
    """
    embedding = known_embedding(dataset)
    if embedding is None:
        if reason := unknown_look(dataset):
            st.info(f"{reason} A map of them needs the images: choose their folder.")
            return
        embedding = _made_now(dataset)
    if embedding is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colouring = choose_colouring(dataset, catalogue, n_classes)
    data = map_data(embedding, catalogue.order, colouring, selection.positions, drawn_here(embedding))
    _points(key="data_map_points", data=data, on_area_change=lambda: _drawn_by_browser(embedding))
    if data["area"]:
        st.markdown(f"The page is filtered by this area: [see {counted(len(selection.positions), 'image')} above](#images)")
    answer_hover(dataset, catalogue, data["key"])
    st.caption(plain(" ".join(filter(None, (colouring.note, embedding.made_from, _said_of_many(len(catalogue.order)))))))


def map_data(
    embedding: Embedding, order: np.ndarray, colouring: Colouring, positions: np.ndarray, area: Area | None, most: int = MOST_POINTS
) -> dict:
    """What the browser gets: a few bytes a point, in an order in which no class lies on top.

    Parameters
    ----------
    embedding : Embedding
    order : ndarray of shape (n_samples,), int
        Positions in a fixed random order; the first `most` are drawn.
    colouring : Colouring
    positions : ndarray of int
        Those that pass the filter.
    area : Area or None
    most : int

    Returns
    -------
    dict
        ``places`` (uint16, x and y in turn), ``codes`` (uint8) and ``shown`` (a bit each, empty if all pass) in base64; ``categories``
        with counts of all images and of those that pass; ``area`` in thousandths.
    """
    rows = order[:most]
    passes = np.zeros(len(order), dtype=bool)
    passes[positions] = True
    codes = np.asarray(colouring.codes)
    known = np.where(codes < 0, len(colouring.names), codes)
    sizes = [np.bincount(known[mask], minlength=len(colouring.names)) for mask in (np.ones(len(order), dtype=bool), passes)]
    categories = [
        {
            "name": name,
            "colour": colour,
            "weight": (name in colouring.strong) - (name in colouring.faint),
            "n": int(n),
            "passing": int(passing),
        }
        for name, colour, n, passing in zip(
            colouring.names, colouring.colours, *(size[: len(colouring.names)] for size in sizes), strict=True
        )
    ]
    return {
        "key": embedding.key,
        "places": _base64(np.ascontiguousarray(embedding.places[rows], dtype="<u2")),
        "codes": _base64(np.minimum(known[rows], 255).astype(np.uint8)),
        "shown": "" if passes.all() else _base64(np.packbits(passes[rows], bitorder="little")),
        "n": len(rows),
        "categories": categories,
        "area": [] if area is None else area.corners.tolist(),
        "alt": f"Map of {len(order):,} images, of which {int(passes.sum()):,} pass the filter of the page",
    }


def drawn_here(embedding: Embedding) -> Area | None:
    """The area of the link if it was drawn on this map."""
    try:
        area = drawn()
    except InputError:  # which the filter says
        return None
    return area if area and area.key == embedding.key else None


def _drawn_by_browser(embedding: Embedding) -> None:
    """Take an area from the browser; none where it was clicked beside all points."""
    corners = st.session_state["data_map_points"]["area"]
    draw(Area(embedding.key, np.clip(np.asarray(corners, dtype=int), 0, UNITS)) if corners else None)


def _made_now(dataset: Dataset) -> Embedding | None:
    """Make the map at a press, saying how far it is; None before, and with the reason on the page where it cannot be made."""
    place = st.empty()
    with place.container():
        n = len(dataset.samples)
        minutes = max(1, round(n * SECONDS_AN_IMAGE / 60))
        st.info(
            f"The map lays {n:,} images out so that those that look alike lie near each other. It is made once for these images and takes "
            f"about {minutes} min{'' if dataset.has_pixels else ' at most'}; moving anything on the page stops it."
        )
        if not st.button("Make the map", icon=":material/scatter_plot:", key="data_map_make"):
            return None
    bar = place.progress(0.0, text="Looking at the images …")
    try:
        with turn("map of images", bar):
            return embed(dataset, lambda name: giving_way(_stage(bar, name)))
    except InputError as error:
        place.warning(plain(str(error)))
        return None
    finally:
        if known_embedding(dataset) is not None:
            place.empty()


def _stage(bar, name: str):
    began = time.monotonic()

    def show(done: int, total: int) -> None:
        left = (time.monotonic() - began) * (total - done) / done if done else 0
        words = f", about {left:.0f} s left" if left >= 1 else ""
        bar.progress(min(done / max(total, 1), 1.0), text=f"{name.capitalize()}: {done:,} of {total:,} images{words}")

    return show


def _said_of_many(n: int) -> str:
    return "" if n <= MOST_POINTS else f"A random {MOST_POINTS:,} of the {n:,} images are drawn; an area filters all of them."


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()
