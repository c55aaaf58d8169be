"""Maps over the picture, drawn by the browser: changing opacity or colours sends a line, not pictures, and computes no map."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from core.runs.identity.letters import letter_of, without_letter
from core.saliency import COLOUR_MAPS
from core.saliency.overlay import colour_table

LONGEST = 1600  # pixels that the browser gets of a picture; files are saved at the picture's own size
HERE = Path(__file__)
COLOURS = {name: base64.b64encode(colour_table(name).tobytes()).decode() for name in COLOUR_MAPS}

_viewer = st.components.v2.component(
    "pneumolens_maps",
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,
)
_look = st.components.v2.component(
    "pneumolens_look",
    js="""export default function ({ data }) {
        window.pneumolensLook = data;
        window.dispatchEvent(new CustomEvent("pneumolens-look", { detail: data }));
    }""",
    isolate_styles=False,
)


@dataclass(frozen=True)
class Look:
    """How maps are painted.

    Attributes
    ----------
    opacity : float
        In [0, 1].
    colours : str
        One of `COLOUR_MAPS`.
    cut : float
        Values of the map below it are left clear, in [0, 1].
    contours : bool
        Lines at a quarter, a half and three quarters.
    scale : {"own", "shared"}
        Each map to its own maximum, or the maps of a method to the largest among them.
    """

    opacity: float = 0.45
    colours: str = COLOUR_MAPS[0]
    cut: float = 0.0
    contours: bool = False
    scale: str = "own"


@dataclass(frozen=True, eq=False)
class Tile:
    """One picture of the grid: the original, or one with a map.

    Attributes
    ----------
    title, caption, alt : str
    colour : str
        Of the chip that the letter of the title becomes.
    heatmap : ndarray of shape (h, w), float32, in [0, 1], or None
        The part that lies on the picture.
    raw_max : float
        The map's maximum in the method's own unit.
    unit : str
    group : str
        Tiles of one group share a scale.
    full : float
        The magnitude that is painted in the strongest colour: `raw_max`, more for a very weak map.
    """

    title: str
    caption: str
    alt: str
    colour: str = ""
    heatmap: np.ndarray | None = None
    raw_max: float = 0.0
    unit: str = ""
    group: str = ""
    full: float = 0.0


def show_maps(grey: np.ndarray, digest: str, tiles: Sequence[Tile], columns: int, opacity: np.ndarray | None = None) -> None:
    """Draw the grid.

    Parameters
    ----------
    grey : ndarray of shape (height, width), uint8
    digest : str
        Names the picture.
    tiles : sequence of Tile
    columns : int
    opacity : ndarray of shape (h, w), bool, optional
        Its outline is drawn on every tile.
    """
    described = [_described(tile) for tile in tiles]
    data = {
        "picture": _jpeg(digest, grey),
        "width": grey.shape[1],
        "height": grey.shape[0],
        "columns": columns,
        "colours": COLOURS,
        "tiles": described,
        "opacity": None if opacity is None else _levels(opacity.astype(np.float32)),
    }
    key = hashlib.blake2b(repr((digest, columns, described)).encode(), digest_size=8).hexdigest()
    _viewer(key="inspect_maps", data=data | {"key": key})


def send_look(look: Look) -> None:
    """Tell the maps on the page how to paint themselves."""
    _look(key="inspect_look", data=vars(look))


def _described(tile: Tile) -> dict:
    words = {name: getattr(tile, name) for name in ("title", "caption", "alt", "colour", "unit", "group", "raw_max")}
    words |= {"letter": letter_of(tile.title), "called": without_letter(tile.title)}
    return words | {"full": tile.full or tile.raw_max, "map": None if tile.heatmap is None else _levels(tile.heatmap)}


def _levels(values: np.ndarray) -> dict:
    levels = np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)
    height, width = levels.shape
    return {"levels": base64.b64encode(levels.tobytes()).decode(), "height": height, "width": width}


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _jpeg(digest: str, _grey: np.ndarray) -> str:
    picture = Image.fromarray(_grey)
    picture.thumbnail((LONGEST, LONGEST))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
