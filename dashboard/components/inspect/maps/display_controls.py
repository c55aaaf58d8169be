"""How the maps are painted, and their files: a fragment, so that a change here reruns nothing else."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.saliency import COLOUR_MAPS
from dashboard.components.inspect.maps.viewer import Look, send_look
from dashboard.components.query_params import preset

SCALES = {"own": "each map to its own maximum", "shared": "one scale for all maps of a method"}
CUT_HELP = "Leaves the film clear where the map is below this share of the scale."
SCALE_HELP = "Each map is stretched to its own maximum, unless it is very weak. On one scale, maps of a method can be compared."


@st.fragment
def show_look(files: Callable[[Look], None] | None) -> None:
    """Opacity, colours and more, then the downloads.

    Parameters
    ----------
    files : callable of (Look), optional
        Draws the downloads of what is shown with that look.
    """
    left, middle, right = st.columns([4, 4, 5], vertical_alignment="bottom")
    opacity = left.slider("Map opacity", 0.0, 1.0, 0.45, 0.05, key="inspect_opacity", bind="query-params")
    preset("inspect_colours", COLOUR_MAPS, COLOUR_MAPS[0])
    colours = middle.segmented_control("Colours", COLOUR_MAPS, key="inspect_colours", required=True, format_func=str, bind="query-params")
    with right, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"):
        with st.popover("Display", icon=":material/tune:", key="inspect_display"):
            contours, cut, scale = _more()
        look = Look(opacity, colours, cut, contours, scale)
        if files:
            files(look)
    send_look(look)


def _more() -> tuple[bool, float, str]:
    contours = st.toggle("Contours at ¼, ½ and ¾", key="inspect_contours", bind="query-params")
    cut = st.slider("Hide below", 0.0, 0.95, 0.0, 0.05, key="inspect_cut", help=CUT_HELP, bind="query-params")
    preset("inspect_scale", SCALES, "own")
    scale = st.radio("Scale", list(SCALES), key="inspect_scale", format_func=SCALES.get, help=SCALE_HELP, bind="query-params")
    return contours, cut, scale
