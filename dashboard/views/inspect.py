"""One image: may it be scored, what several models say of it, where they looked, and whether to believe that."""

from functools import partial

import streamlit as st

from core.ensemble import NO_MAP, open_members
from core.errors import InputError
from core.saliency import METHODS, get_method
from core.saliency.checks import similarity_table
from dashboard.components.address import preset
from dashboard.components.belief import show_belief
from dashboard.components.data_line import show_data_line
from dashboard.components.getting_images import get_images
from dashboard.components.links import back_link, train_link
from dashboard.components.look import show_look
from dashboard.components.map_downloads import show_downloads
from dashboard.components.map_viewer import Tile, show_maps
from dashboard.components.neighbours import show_neighbours
from dashboard.components.reading import PREDICTED, layers, predict, read, settle
from dashboard.components.run_legend import lettered
from dashboard.components.run_picker import most_promising, pick_runs, show_left_out, usable_runs
from dashboard.components.scores import show_scores
from dashboard.components.screening import remedy_keys, show_findings, show_unmeasured
from dashboard.components.several import show_several
from dashboard.components.shown import Said, Shown
from dashboard.components.upload import changed, decode, describe, pick_pictures
from dashboard.components.with_models import with_models

TILES_A_ROW = 3
FIRST = "grad_cam"  # the method that a link without one shows is the first of its list
DEFAULT_LAYER = "Default (the last)"
RUNS_HELP = "One to six finished runs; each explains the same image."
CLASS_HELP = "The class whose evidence the map shows. Predicted class: what each model calls at its own threshold."
ALSO_HELP = "Further ways to make a map of the same class, side by side: where they contradict each other, trust neither."
LIMITS = """
**It can tell** which parts of the picture moved this model's score for this class, at the resolution of the layer it was made of.

**It cannot tell** whether that part is diseased, nor why the model used it: a bright spot on a letter, a tube or the shoulder shows a model
that learnt the wrong thing. Maps are scaled to their own maximum, so a faint map looks as strong as a firm one: read it beside the
probability, or choose the raw scale under Display. Methods differ; where two of them contradict each other, trust neither.
"""


def show_controls(usable, left_out):
    """Runs, methods and class; returns the chosen ones."""
    names, first, classes, more = st.columns([6, 4, 4, 2], vertical_alignment="bottom")
    with names:
        fresh = "inspect_runs" not in st.session_state
        default = most_promising([run for run in usable if run.model_path.exists()] or usable) if fresh else []
        chosen = pick_runs("inspect_runs", usable, default, "Models", RUNS_HELP, left_out)
    by_title = {method.title: method for method in sorted(METHODS, key=lambda method: method.key != FIRST)}
    keys = {method.key: method.title for method in METHODS}
    preset("inspect_method", by_title, keys[FIRST], keys)
    title = first.selectbox("Method", by_title, key="inspect_method", help="How the map is made.", bind="query-params")
    options = [PREDICTED, *dict.fromkeys(name for run in chosen for name in run.config.class_names)]
    preset("inspect_class", options, PREDICTED)
    class_name = classes.selectbox("Explain", options, key="inspect_class", help=CLASS_HELP, bind="query-params")
    with more.popover("More", icon=":material/more_horiz:", key="inspect_more"):
        also = st.multiselect("Also show", by_title, key="inspect_also", help=ALSO_HELP, bind="query-params")
        show_layers(explainable(lettered(chosen)))
    return chosen, [by_title[name] for name in dict.fromkeys([title, *also])], class_name


def explainable(labelled):
    """The runs that have maps, each once: an ensemble gives way to its members; not where one is gone, which `score` tells."""
    found = {}
    for label, run in labelled.items():
        try:
            members = open_members(run)
        except InputError:
            continue
        parts = [(f"{label}, member {n}", member) for n, member in enumerate(members, start=1)] or [(label, run)]
        for part in parts:
            found.setdefault(part[1].name, part)
    return dict(found.values())


def show_layers(labelled):
    """Another layer for each model: earlier ones are finer and know less of the class."""
    for label, run in labelled.items():
        try:
            options = [DEFAULT_LAYER, *layers(run)]
        except InputError:
            continue
        st.selectbox(f"{label}, layer of a CAM", options, key=f"inspect_layer_{run.name}", persist_state="page")


def score(labelled, picture):
    """Each model's prediction; a sentence in place of those that cannot be made."""
    predictions = {}
    for label, run in labelled.items():
        try:
            with st.spinner("Loading the model and scoring …"):
                predictions[label] = predict(run, picture)
        except InputError as error:
            st.warning(f"{label}: {error}")
    return predictions


def explain_all(labelled, picture, methods, class_name):
    """Every model's map by every method."""
    shown = []
    for label, run in labelled.items():
        layer = st.session_state.get(f"inspect_layer_{run.name}", DEFAULT_LAYER)
        for method in methods:
            title = f"{label} · {method.title}" if len(methods) > 1 else label
            try:
                with st.spinner(f"{title}: computing the map …"):
                    reading = read(run, picture, method.key, class_name, None if layer == DEFAULT_LAYER else layer)
                shown.append(Shown(label, title, run, reading))
            except InputError as error:
                st.warning(f"{title}: {error}")
    return shown


def show_grid(picture, grey, header, shown, n_methods):
    """The original and the maps: one row for all models, or a row for each model that has several methods."""
    original = Tile("Original", describe(picture, header), f"Original without a map: {picture.source}")
    height, width = grey.shape
    maps = [item.tile(height, width) for item in shown]
    if n_methods == 1 or not maps:
        show_maps(grey, picture.digest, [original, *maps], min(TILES_A_ROW, max(2, 1 + len(maps))))
        return
    rows = [maps[start : start + n_methods] for start in range(0, len(maps), n_methods)]
    show_maps(grey, picture.digest, [tile for row in rows for tile in (original, *row)], 1 + n_methods)


def show_trust(picture, shown):
    """Checks of every map, a click away, and how alike the maps are."""
    with st.expander("Can these maps be believed?", icon=":material/fact_check:", key="inspect_belief"):
        for item in shown:
            show_belief(item.title, item.run, picture, item.reading)
        if len(shown) > 1:
            st.markdown("**How alike the maps are**: rank correlation, 1 = the same order of places, 0 = unrelated")
            table = similarity_table({item.title: item.reading.explanation for item in shown})
            st.dataframe(table.style.format("{:.2f}"))
        st.markdown(LIMITS)
        used = dict.fromkeys(item.reading.explanation.method for item in shown)
        st.caption(" ".join(f"{get_method(key).title}: {get_method(key).reference}." for key in used))


st.title("Inspect")
show_data_line()
get_images()
back_link("inspect_from")
usable, left_out = with_models(*usable_runs())
pictures, picture, grey, broken = [], None, None, False
try:
    pictures = pick_pictures("inspect_upload", "inspect_sample")
except InputError as error:
    broken = True
    st.error(str(error), icon=":material/broken_image:")
chosen, methods, class_name = show_controls(usable, left_out)
show_left_out(left_out)
labelled = lettered(chosen)
picture = show_several(pictures, labelled) if len(pictures) > 1 else next(iter(pictures), None)
try:
    if picture:
        turns, invert = (st.session_state.get(key, 0) for key in remedy_keys(picture))
        came, picture = picture, changed(picture, turns, bool(invert))
        grey, header = decode(picture)
except InputError as error:
    broken = True
    st.error(str(error), icon=":material/broken_image:")
predictions = score(labelled, picture) if grey is not None else {}
allowed = show_findings(came, predictions) if predictions else False
look_row = st.container()
shown, said = [], []  # downloads read them when they are asked for, by when they are complete

with st.container(key="inspect_overlay"):
    if grey is not None:
        asked = {label: labelled[label] for label in predictions} if allowed else {}
        if any(run.config.members for run in asked.values()):
            st.caption(NO_MAP)
        shown = explain_all(explainable(asked), picture, methods, class_name)
        show_grid(picture, grey, header, shown, len(methods))
    if not usable:
        st.info(
            "No finished run has its model file here, so nothing can judge this film. Train a model first.",
            icon=":material/model_training:",
        )
        train_link()
    elif not chosen:
        st.info("Choose at least one model.")
    elif grey is None and not broken:
        st.info("Upload a radiograph or choose a sample.", icon=":material/upload:")
if shown or not predictions:
    with look_row:
        show_look(partial(show_downloads, picture, grey, shown, said) if shown else None)
with st.container(key="inspect_probabilities"):
    if predictions and allowed:
        settled = show_scores(labelled, predictions, picture)
        said += [Said(label, labelled[label], prediction) for label, prediction in settled.items()]
        shown[:] = [item.settled(settle(item.run, picture)) for item in shown]
if shown:
    show_trust(picture, shown)
if any(prediction.neighbours for prediction in predictions.values()):
    with st.expander("The nearest training images", icon=":material/image_search:", key="inspect_neighbours"):
        show_neighbours(predictions)
if predictions:
    show_unmeasured(labelled, predictions)
