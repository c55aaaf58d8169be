"""Readings as files: overlays at the picture's own size, maps as numbers, the facts, and a report of all of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from core.input_checks.population import population
from core.saliency import get_method
from dashboard.components.inspect.analysis import Reading
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.maps.overlay_image import paint, png
from dashboard.components.inspect.maps.report import report
from dashboard.components.inspect.maps.tiles import Said, Shown, factor
from dashboard.components.inspect.maps.viewer import Look
from dashboard.components.inspect.remarks import Remarks

NOTE = "Research and education only; not a medical device and not for any clinical decision."


def show_downloads(picture: Picture, grey: np.ndarray, shown: Sequence[Shown], said: Sequence[Said], remarks: Remarks, look: Look) -> None:
    """A button that opens all downloads; each file is made when it is asked for, of what `shown` and `said` hold by then."""
    with st.popover("Download", icon=":material/download:", key="inspect_download"):
        for number, item in enumerate(shown):
            stem = f"{picture.digest}-{item.run.name}-{item.reading.explanation.method}"
            if len(shown) > 1:
                st.markdown(f"**{item.title}**")
            _button("Overlay, PNG", lambda item=item: overlay_png(grey, item, shown, look), f"{stem}.png", "image/png")
            _button("Map, NumPy array", lambda item=item: map_npy(item.reading), f"{stem}.npy", "application/octet-stream")
            facts = lambda n=number: facts_json(picture, grey, shown[n], remarks)  # noqa: E731
            _button("Facts, JSON", facts, f"{stem}.json", "application/json")
        _button(
            "Report, one HTML page", lambda: report(picture, grey, shown, look, said, remarks), f"{picture.digest}-report.html", "text/html"
        )
        st.caption("Nothing else of your image is kept: it leaves memory with this session.")


def overlay_png(grey: np.ndarray, item: Shown, shown: Sequence[Shown], look: Look) -> bytes:
    """The overlay as the page shows it, as PNG, of the picture's own size."""
    return png(paint(grey, item.on_picture(*grey.shape), look, factor(item, shown, look.scale), item.opacity))


def map_npy(reading: Reading) -> bytes:
    """The heatmap as ``.npy``: float32 in [0, 1], of the model's input size."""
    buffer = io.BytesIO()
    np.save(buffer, reading.explanation.heatmap)
    return buffer.getvalue()


def facts_json(picture: Picture, grey: np.ndarray, item: Shown, remarks: Remarks | None = None) -> str:
    """Everything that names this prediction and this map, with the reasons to doubt either, and what a person added."""
    run, explanation = item.run, item.reading.explanation
    height, width = grey.shape
    image = {"digest": picture.digest, "source": picture.source, "sample_id": picture.sample_id, "width": width, "height": height}
    made = {
        "method": explanation.method,
        "reference": get_method(explanation.method).reference,
        "class": run.config.class_names[explanation.class_id],
        "layer": explanation.layer,
        "milliseconds": round(explanation.milliseconds, 1),
        "shape": list(explanation.heatmap.shape),
        "raw_max": explanation.raw_max,
        "unit": get_method(explanation.method).unit,
        "note": explanation.note,
        "is_empty": bool(explanation.is_empty),
        "is_very_weak": bool(explanation.is_weak),
        "checks": item.belief and {"level": item.belief.level, "sentence": item.belief.sentence},
    }
    facts = {"image": image, "run": run.name, "system": run.config.system} | item.reading.prediction.to_json()
    return json.dumps(
        facts | {"explanation": made, "remarks": (remarks or Remarks()).to_json(), "knows": population(run).sentence, "intended_use": NOTE},
        indent=2,
    )


def _button(label: str, content: Callable[[], str | bytes], file_name: str, mime: str) -> None:
    st.download_button(label, content, file_name, mime, key=f"inspect_{file_name}", on_click="ignore", type="tertiary")
