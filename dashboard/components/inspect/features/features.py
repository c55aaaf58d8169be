"""What the class looks like to the model: a picture made for a class or a filter, or what a layer's filters answer to in this film."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.errors import InputError
from core.runs.run import Run
from dashboard import state
from dashboard.components.inspect.analysis import layers
from dashboard.components.inspect.features.film_in_layer import show_film_in_layer
from dashboard.components.inspect.features.made_picture import show_made_picture
from dashboard.components.inspect.film.picture import Picture
from dashboard.components.inspect.judging import explainable
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset

TITLE = "What the class looks like to the model"
CLASS, FILTER, MAPS = "A class", "A filter of a layer", "This film in a layer"
SHOW = {"class": CLASS, "filter": FILTER, "maps": MAPS}
HELP = "A class or a filter: the picture that it answers to most strongly, made from noise. This film: what the layer's filters answer to."
LAYER_HELP = "Early layers answer to edges and textures, late ones to larger parts."


@st.fragment
def show_features(labelled: Mapping[str, Run], picture: Picture) -> None:
    """A section that asks nothing of a model before it is opened, and makes no picture before a click.

    Parameters
    ----------
    labelled : mapping of str to Run
    picture : Picture
    """
    box = st.expander(TITLE, icon=":material/imagesearch_roller:", key="inspect_features", on_change="rerun", bind="query-params")
    if not box.open:
        return
    with box:
        models, shows, parts = st.columns(3, vertical_alignment="bottom")
        run = _pick_run(models, labelled)
        preset("inspect_features_show", SHOW.values(), CLASS, SHOW)
        show = shows.selectbox("Show", list(SHOW.values()), key="inspect_features_show", help=HELP, bind="query-params")
        try:
            if run is None:
                st.info("None of the chosen models has its model file here.")
            elif show == CLASS:
                show_made_picture(run, picture, class_id=_pick_class(parts, run))
            elif show == FILTER:
                show_made_picture(run, picture, layer=_pick_layer(parts, run))
            else:
                show_film_in_layer(run, picture, _pick_layer(parts, run))
        except InputError as error:
            st.warning(plain(error))


def _pick_run(place, labelled: Mapping[str, Run]) -> Run | None:
    able = {label: run for label, run in explainable(labelled).items() if run.model_path.exists()}
    if not able:
        return None
    preset("inspect_features_run", able, next(iter(able)), {run.name: label for label, run in able.items()}, follows=False)
    return able[place.selectbox("Model", list(able), key="inspect_features_run", bind="query-params")]


def _pick_class(place, run: Run) -> int:
    names = list(run.config.class_names)
    preset("inspect_features_class", names, names[-1])
    return names.index(place.selectbox("Class", names, len(names) - 1, key="inspect_features_class", bind="query-params"))


def _pick_layer(place, run: Run) -> str:
    with st.spinner("Loading the model …"):
        found = layers(run)
    if not found:
        raise InputError(f"{state.name_of(run)} has no layer with a spatial output, so it has no filters to show: choose a class.")
    preset("inspect_features_layer", found, found[0])
    return place.selectbox("Layer", found, key="inspect_features_layer", help=LAYER_HELP, bind="query-params")
