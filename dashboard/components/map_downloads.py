"""A reading as files: the overlay at the picture's own size, the map as numbers, the facts."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import numpy as np
import streamlit as st
from PIL import Image

from core.runs import Run
from core.saliency import get_method, overlay
from core.saliency.heatmap import on_picture
from dashboard.components.reading import Reading
from dashboard.components.upload import Picture

NOTE = "Research and education only; not a medical device and not for any clinical decision."


def show_downloads(run: Run, picture: Picture, grey: np.ndarray, reading: Reading, opacity: float, colour_map: str) -> None:
    """A button that opens three downloads; each file is made when it is asked for."""
    stem = f"{picture.digest}-{run.name}-{reading.explanation.method}"
    with st.popover("Download", icon=":material/download:", key=f"inspect_download_{run.name}"):
        _button("Overlay, PNG", lambda: overlay_png(run, grey, reading, opacity, colour_map), f"{stem}.png", "image/png")
        _button("Map, NumPy array", lambda: map_npy(reading), f"{stem}.npy", "application/octet-stream")
        _button("Facts, JSON", lambda: facts_json(run, picture, grey, reading), f"{stem}.json", "application/json")


def overlay_png(run: Run, grey: np.ndarray, reading: Reading, opacity: float, colour_map: str) -> bytes:
    """The overlay as PNG, of the picture's own size."""
    heatmap = on_picture(reading.explanation.heatmap, run.config.recipe.resize, *grey.shape)
    buffer = io.BytesIO()
    Image.fromarray(overlay(grey, heatmap, opacity, colour_map)).save(buffer, "PNG")
    return buffer.getvalue()


def map_npy(reading: Reading) -> bytes:
    """The heatmap as ``.npy``: float32 in [0, 1], of the model's input size."""
    buffer = io.BytesIO()
    np.save(buffer, reading.explanation.heatmap)
    return buffer.getvalue()


def facts_json(run: Run, picture: Picture, grey: np.ndarray, reading: Reading) -> str:
    """Everything that names this prediction and this map."""
    explanation = reading.explanation
    height, width = grey.shape
    image = {"digest": picture.digest, "source": picture.source, "sample_id": picture.sample_id, "width": width, "height": height}
    made = {
        "method": explanation.method,
        "reference": get_method(explanation.method).reference,
        "class": run.config.class_names[explanation.class_id],
        "layer": explanation.layer,
        "milliseconds": round(explanation.milliseconds, 1),
        "shape": list(explanation.heatmap.shape),
        "is_empty": bool(explanation.is_empty),
    }
    facts = {"image": image, "run": run.name, "system": run.config.system} | reading.prediction.to_json()
    return json.dumps(facts | {"explanation": made, "intended_use": NOTE}, indent=2)


def _button(label: str, content: Callable[[], str | bytes], file_name: str, mime: str) -> None:
    st.download_button(label, content, file_name, mime, key=f"inspect_{file_name}", on_click="ignore", type="tertiary")
