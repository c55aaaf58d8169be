"""What the filters of a layer answer to in this film."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from PIL import Image

from core.runs.run import Run
from core.runs.stamp import stamp
from core.saliency.heatmap import normalise
from core.saliency.overlay import colour_table
from dashboard import state
from dashboard.components.inspect.analysis import model_input
from dashboard.components.inspect.features.made_picture import png
from dashboard.components.inspect.film.picture import Picture

if TYPE_CHECKING:
    from core.saliency.features.feature_maps import FeatureMaps

MOST, SIDE, IN_A_ROW = 16, 128, 4
SAYS = (
    "Where each filter answers to this film, whatever the class: a strong answer does not mean that the score hangs on it, which is what "
    "the maps further up tell."
)


def show_film_in_layer(run: Run, picture: Picture, layer: str) -> None:
    """The maps of the filters that answer most strongly, with a download; raises InputError for a layer that the model has not."""
    with st.spinner("Computing the feature maps …"):
        found = _feature_maps(stamp(run), picture.digest, layer, run, picture)
    height, width = found.maps.shape[1:]
    of = f"The {len(found.channels)} of {found.n_channels:,} filters with the largest mean"
    st.markdown(f"{of}; {height} × {width} cells each, painted up to its own maximum")
    with st.container(horizontal=True):
        for channel, one in zip(found.channels, found.maps, strict=True):
            caption = f"Filter {channel}: up to {one.max():.2g}"
            st.image(painted(one), caption, width=SIDE, alt=caption)
    name = f"{run.name}-{layer.replace('/', '-')}.png"
    st.download_button("Maps as PNG", png(sheet(found)), name, "image/png", icon=":material/download:", on_click="ignore")
    st.caption(SAYS)


@st.cache_data(max_entries=40, show_spinner=False, scope="session")
def _feature_maps(stamp: tuple, digest: str, layer: str, _run: Run, _picture: Picture) -> FeatureMaps:
    from core.saliency.features.feature_maps import feature_maps

    return feature_maps(state.model(_run), model_input(_run, _picture), layer, MOST)


def painted(values: np.ndarray) -> np.ndarray:
    """A map's positive part in colours, its cells as squares: uint8 of shape (128, 128, 3)."""
    levels = np.rint(255 * normalise(values)).astype(np.uint8)
    return np.asarray(Image.fromarray(colour_table("inferno")[levels]).resize((SIDE, SIDE), Image.Resampling.NEAREST))


def sheet(found: FeatureMaps) -> np.ndarray:
    """All maps in rows of four, the last row filled up with black: uint8."""
    tiles = [painted(one) for one in found.maps]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % IN_A_ROW)
    return np.vstack([np.hstack(tiles[start : start + IN_A_ROW]) for start in range(0, len(tiles), IN_A_ROW)])
