"""One image: what several models say of it, and where they looked. The image shows before any model is loaded."""

import streamlit as st

from core.errors import InputError
from core.saliency import COLOUR_MAPS, METHODS
from dashboard.components.address import preset
from dashboard.components.agreement import agreement
from dashboard.components.links import train_link
from dashboard.components.map_downloads import show_downloads
from dashboard.components.overlay_grid import colour_bar, show_original, show_overlay, verdict
from dashboard.components.reading import PREDICTED, layers, read, saw_in_training
from dashboard.components.run_legend import lettered
from dashboard.components.run_picker import pick_runs, show_left_out, usable_runs
from dashboard.components.upload import decode, pick_picture
from dashboard.figures.probabilities import probabilities_figure

TILES_A_ROW = 3
DEFAULT_LAYER = "Default (the last)"
RUNS_HELP = "One to six finished runs; each explains the same image."
CLASS_HELP = "The class whose evidence the map shows. Predicted class: what each model calls at its own threshold."
LIMITS = """
**It can tell** which parts of the picture moved this model's score for this class, at the resolution of the layer it was made of.

**It cannot tell** whether that part is diseased, nor why the model used it: a bright spot on a letter, a tube or the shoulder shows a model
that learnt the wrong thing. Maps are scaled to their own maximum, so a faint map looks as strong as a firm one: read it beside the
probability. Methods differ; where two of them contradict each other, trust neither.
"""


def show_controls(usable):
    """Runs, method and class; returns the chosen ones."""
    names, methods, classes = st.columns([2, 1, 1])
    with names:
        default = [run for run in usable if run.model_path.exists()] or usable
        chosen = pick_runs("inspect_runs", usable, default[:1], "Models", RUNS_HELP)
    by_title = {method.title: method for method in METHODS}
    preset("inspect_method", by_title, "Grad-CAM", {method.key: method.title for method in METHODS})
    title = methods.selectbox("Method", by_title, key="inspect_method", help="How the map is made.", bind="query-params")
    options = [PREDICTED, *dict.fromkeys(name for run in chosen for name in run.config.class_names)]
    preset("inspect_class", options, PREDICTED)
    class_name = classes.selectbox("Explain", options, key="inspect_class", help=CLASS_HELP, bind="query-params")
    return chosen, by_title[title], class_name


def show_colours():
    """Opacity and colour map: they only blend anew."""
    left, right = st.columns(2)
    opacity = left.slider("Opacity of the map", 0.0, 1.0, 0.45, 0.05, key="inspect_opacity", bind="query-params")
    preset("inspect_colours", COLOUR_MAPS, COLOUR_MAPS[0])
    colours = right.segmented_control("Colours", COLOUR_MAPS, key="inspect_colours", required=True, format_func=str, bind="query-params")
    return opacity, colours


def tiles(n):
    """At least n places, in rows, so that they keep their order on a phone."""
    width = min(TILES_A_ROW, max(2, n))
    return [place for _ in range(0, n, width) for place in st.columns(width)]


def show_reading(label, run, picture, grey, method, class_name, opacity, colours):
    """One model's tile; returns its reading, or None after a sentence that says what is wrong."""
    try:
        layer = st.session_state.get(f"inspect_layer_{run.name}", DEFAULT_LAYER)
        with st.spinner("Loading the model and computing the map …"):
            reading = read(run, picture, method.key, class_name, None if layer == DEFAULT_LAYER or not method.needs_layer else layer)
    except InputError as error:
        st.warning(str(error))
        return None
    show_overlay(label, run, grey, reading, opacity, colours)
    show_downloads(run, picture, grey, reading, opacity, colours)
    return reading


def show_probabilities(labelled, readings, picture):
    """What each model calls, how surely, and what speaks against trusting it."""
    st.subheader("What the models say")
    for label, reading in readings.items():
        st.markdown(f"**{label}** {verdict(reading)}")
    st.markdown(agreement({label: reading.prediction.label for label, reading in readings.items()}))
    scores = {label: reading.prediction.probabilities for label, reading in readings.items()}
    thresholds = {label: reading.prediction.threshold for label, reading in readings.items()}
    alt = f"Class probabilities: {scores}"
    st.plotly_chart(probabilities_figure(scores, thresholds), key="inspect_probability_bars", config={"displayModeBar": False}, alt=alt)
    for warning in dict.fromkeys(text for reading in readings.values() for text in reading.prediction.warnings):
        st.warning(warning, icon=":material/warning:")
    for label in readings:
        if saw_in_training(labelled[label], picture):
            st.warning(f"{label} was trained on this very image, so its answer proves nothing.", icon=":material/school:")
    st.caption("A model's output for research and education, not a diagnosis. PneumoLens is not a medical device.")


def show_layers(labelled):
    """Another layer for each model: earlier ones are finer and know less of the class."""
    with st.expander("Layer (advanced)"):
        for label, run in labelled.items():
            options = [DEFAULT_LAYER, *layers(run)]
            st.selectbox(f"{label}, layer of the map", options, key=f"inspect_layer_{run.name}", persist_state="page")


st.title("Inspect")
usable, left_out = usable_runs()
picture, grey, broken = None, None, False
try:
    picture = pick_picture("inspect_upload", "inspect_sample")
    if picture:
        grey, header = decode(picture)
except InputError as error:
    broken = True
    st.error(str(error), icon=":material/broken_image:")
chosen, method, class_name = show_controls(usable)
opacity, colours = show_colours()
show_left_out(left_out)
labelled = lettered(chosen)
readings = {}

with st.container(key="inspect_overlay"):
    if grey is not None:
        places = tiles(1 + len(labelled))
        with places[0]:
            st.markdown("**Original**")
            show_original(grey, header, picture)
    if not usable:
        st.info("There is no finished run yet, so nothing can judge this image. Train a model first.", icon=":material/model_training:")
        train_link()
    elif not chosen:
        st.info("Choose at least one model.")
    elif grey is None and not broken:
        st.info("Upload a radiograph or choose a sample.", icon=":material/upload:")
    elif grey is not None:
        for place, (label, run) in zip(places[1:], labelled.items(), strict=False):
            with place:
                st.markdown(f"**{label}**")
                readings[label] = show_reading(label, run, picture, grey, method, class_name, opacity, colours)
        colour_bar(colours)

readings = {label: reading for label, reading in readings.items() if reading}
with st.container(key="inspect_probabilities"):
    if readings:
        show_probabilities(labelled, readings, picture)
if readings:
    with st.expander("What this map can and cannot tell you"):
        st.markdown(LIMITS)
        st.caption(f"{method.title}: {method.reference}")
    if method.needs_layer:
        show_layers({label: labelled[label] for label in readings})
