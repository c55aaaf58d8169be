"""Pictures side by side: the original, and each model's map laid over it at the picture's own size."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st
from PIL import Image

from core.images import Header
from core.runs import Run
from core.saliency import get_method, overlay
from core.saliency.heatmap import on_picture
from core.saliency.overlay import colour_table
from dashboard.components.reading import Reading
from dashboard.components.upload import Picture

WIDEST_TILE = 900  # Streamlit scales an image down to the width asked for, so no less than the image's own is asked for
MODES = {"L": "grey", "1": "black and white"}


def show_original(grey: np.ndarray, header: Header, picture: Picture) -> None:
    """The picture itself and what is known of it."""
    height, width = grey.shape
    truth = f" Labelled {picture.truth}." if picture.truth else ""
    _show(_jpeg_once(picture.digest, grey), width, f"Original without a map: {picture.source}")
    st.caption(f"{picture.source.capitalize()}, {width:,} × {height:,} pixels, {MODES.get(header.mode, header.mode)}.{truth}")


def show_overlay(label: str, run: Run, grey: np.ndarray, reading: Reading, opacity: float, colour_map: str) -> None:
    """One model's map over the picture, and how it was made."""
    explanation = reading.explanation
    heatmap = on_picture(explanation.heatmap, run.config.recipe.resize, *grey.shape)
    explained, title = run.config.class_names[explanation.class_id], get_method(explanation.method).title
    blend = overlay(grey, heatmap, opacity, colour_map)
    _show(_jpeg(blend), grey.shape[1], f"{title} of {label} for {explained}, laid over the picture")
    if explanation.is_empty:
        st.info(f"The map is empty: by this method nothing in the picture speaks for {explained}.")
    layer = f", layer {explanation.layer}" if explanation.layer else ""
    st.caption(f"{title} for {explained}{layer}; {explanation.milliseconds:,.0f} ms. Run {run.name}.")


def verdict(reading: Reading) -> str:
    """``Calls PNEUMONIA: p(PNEUMONIA) = 0.930, threshold 0.724`` as Markdown."""
    prediction = reading.prediction
    if prediction.threshold is None:
        return f"calls **{prediction.label}**: p = {prediction.probabilities[prediction.label]:.3f}, the largest"
    positive = list(prediction.probabilities)[1]
    return f"calls **{prediction.label}**: p({positive}) = {prediction.probabilities[positive]:.3f}, threshold {prediction.threshold:.3f}"


def colour_bar(colour_map: str) -> None:
    """The scale that all maps share."""
    colours = ", ".join(f"rgb({r},{g},{b})" for r, g, b in colour_table(colour_map)[::15].tolist())
    bar = f'<div style="height:.6rem;border-radius:.3rem;background:linear-gradient(to right,{colours})"></div>'
    ends = "<span>0, nothing</span><span>1, the strongest in each map</span>"
    text = f'<div style="display:flex;justify-content:space-between;font-size:.8rem;opacity:.75">{ends}</div>'
    st.html(f'<div style="max-width:24rem">{bar}{text}</div>')


def _show(jpeg: bytes, width: int, alt: str) -> None:
    st.image(jpeg, width=max(width, WIDEST_TILE), output_format="JPEG", alt=alt)


def _jpeg(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _jpeg_once(digest: str, _grey: np.ndarray) -> bytes:
    return _jpeg(_grey)
