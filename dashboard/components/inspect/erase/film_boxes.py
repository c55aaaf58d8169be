"""A film on which boxes are drawn, by the pointer or the keyboard."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from core.images.edits.boxes import Box

LONGEST = 720  # pixels that the browser gets
KEY = "inspect_film"
HERE = Path(__file__)

_film = st.components.v2.component(
    "pneumolens_film",
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,
)


def show_film(pixels: np.ndarray, boxes: Sequence[Box], drawn: Callable[[], None], before: np.ndarray | None = None) -> None:
    """Draw the film with its boxes.

    Parameters
    ----------
    pixels : ndarray of shape (height, width), uint8
    boxes : sequence of Box
    drawn : callable
        Called when a person has drawn; `answer` then tells what.
    before : ndarray of shape (height, width), uint8, optional
        Shown while a button is held.
    """
    height, width = pixels.shape
    places = [[box.left, box.top, box.width, box.height] for box in boxes]
    data = {"picture": _jpeg(pixels), "before": "" if before is None else _jpeg(before), "width": width, "height": height, "boxes": places}
    _film(key=KEY, data=data, on_drawn_change=drawn)


def answer() -> Box | str | None:
    """What was drawn: a box, ``undo``, or None for nothing that can be used; raises InputError for a box beside the film."""
    said = st.session_state[KEY].drawn
    if said == "undo":
        return "undo"
    if not isinstance(said, list) or len(said) != 4 or not all(isinstance(part, int | float) for part in said):
        return None
    with suppress(OverflowError):  # of a number that no float holds
        return Box(*map(float, said))
    return None


def reduced(grey: np.ndarray) -> np.ndarray:
    """The film no larger than a browser is sent: uint8 of shape (h, w)."""
    picture = Image.fromarray(grey)
    picture.thumbnail((LONGEST, LONGEST))
    return np.asarray(picture)


def _jpeg(pixels: np.ndarray) -> str:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
