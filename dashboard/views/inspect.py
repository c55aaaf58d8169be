"""One image: may it be scored, what several models say of it, where they looked, and whether to trust that."""

from functools import partial
from pathlib import Path

import streamlit as st

from core.errors import InputError
from core.inference.ensemble import NO_MAP
from core.saliency import METHODS, get_method
from dashboard.components.chips import colours_of, told_apart, with_chips
from dashboard.components.images.data_line import show_data_line
from dashboard.components.images.getting_images import get_images, take_what_is_ready
from dashboard.components.inspect.analysis import PREDICTED, layers, settle
from dashboard.components.inspect.erase.erase import show_erase
from dashboard.components.inspect.features.features import show_features
from dashboard.components.inspect.film.chooser import Chosen, choose_picture, forget_button, measure_the_rest, take_pasted
from dashboard.components.inspect.film.examples import why
from dashboard.components.inspect.film.picture import changed, decode, describe
from dashboard.components.inspect.in_use import show_in_use
from dashboard.components.inspect.input_warnings import remedy_keys, show_findings, show_unmeasured
from dashboard.components.inspect.judging import DEFAULT_LAYER, explain_all, explainable, score
from dashboard.components.inspect.many_images import show_several
from dashboard.components.inspect.map_checks import show_belief
from dashboard.components.inspect.maps.alike import show_alike
from dashboard.components.inspect.maps.display_controls import show_look
from dashboard.components.inspect.maps.downloads import show_downloads
from dashboard.components.inspect.maps.tiles import Said
from dashboard.components.inspect.maps.usual import show_usual
from dashboard.components.inspect.maps.viewer import Tile, show_maps
from dashboard.components.inspect.nearest_training_images import show_neighbours
from dashboard.components.inspect.predictions import show_scores
from dashboard.components.inspect.remarks import Remarks, show_note
from dashboard.components.inspect.with_models import with_models
from dashboard.components.links import back_link, train_link
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.components.runs.run_picker import most_promising, pick_runs, show_left_out, usable_runs

STYLE = (Path(__file__).parents[1] / "components" / "inspect" / "inspect.css").read_text("utf-8")
CONTROLS = {False: (5, 8, 8, 5, 5, 3), True: (5, 6, 12, 5, 5, 4)}  # widths of the one row, also of several models
PARTS = (17, 10)  # films and verdicts, side by side
MOST_IN_A_ROW = 5  # the film and the maps of four models
FIRST = "grad_cam"  # the method that a link without one shows is the first of its list
RUNS_HELP = "One to six finished runs; each judges and explains the same image."
CLASS_HELP = "The class whose evidence the map shows. Predicted class: each model's own verdict."
ALSO_HELP = "Maps of the same class by other methods, side by side: where they contradict each other, trust neither."
LIMITS = """
**A map can tell** which parts of the film moved this model's score for this class, as finely as the layer that it is made of.

**It cannot tell** whether that part is diseased, nor why the model used it: a bright spot on a letter, a tube or the shoulder shows a model
that learnt the wrong thing. Each map is scaled to its own maximum, so read it beside the maximum and the score, or choose one scale under
Display; only very weak maps are painted faintly. Where two methods contradict each other, trust neither.
"""


def show_controls(usable, left_out, best, places, picture):
    """Runs, methods and class, each in its place; returns the chosen ones."""
    names, first, classes, more = places
    with names:
        chosen = pick_runs("inspect_runs", usable, best, "Models", RUNS_HELP, left_out, wrap=False)
    by_title = {method.title: method for method in sorted(METHODS, key=lambda method: method.key != FIRST)}
    keys = {method.key: method.title for method in METHODS}
    preset("inspect_method", by_title, keys[FIRST], keys)
    title = first.selectbox("Method", by_title, key="inspect_method", help="How the map is made.", bind="query-params")
    options = [PREDICTED, *dict.fromkeys(name for run in chosen for name in run.config.class_names)]
    preset("inspect_class", options, PREDICTED)
    class_name = classes.selectbox("Explain", options, key="inspect_class", help=CLASS_HELP, bind="query-params")
    with more.popover("More", icon=":material/more_horiz:", key="inspect_more"):
        also = st.multiselect("Also show", by_title, key="inspect_also", help=ALSO_HELP, bind="query-params")
        labelled = told_apart(chosen)
        show_layers(explainable(labelled), colours_of(labelled))
        forget_button(picture)
    return chosen, [by_title[name] for name in dict.fromkeys([title, *also])], class_name


def show_layers(labelled, colours):
    """Another layer for each model: earlier ones are finer and know less of the class."""
    for label, run in labelled.items():
        try:
            options = [DEFAULT_LAYER, *layers(run)]
        except InputError:
            continue
        title = with_chips(f"{plain(label)}: layer for CAM methods", colours)
        st.selectbox(title, options, key=f"inspect_layer_{run.name}", persist_state="page")


def show_grid(picture, grey, header, shown, n_methods, colours):
    """The original and the maps: one row for all models, or a row for each model that has several methods."""
    opacity = picture.mask
    known = "" if opacity is None or not opacity.any() else " The green line is the true opacity."
    original = Tile("Original", describe(picture, header) + known, f"Original without a map: {picture.source}")
    height, width = grey.shape
    maps = [item.tile(height, width, colours) for item in shown]
    if n_methods == 1 or not maps:
        show_maps(grey, picture.digest, [original, *maps], columns_of(1 + len(maps)), opacity)
        return
    rows = [maps[start : start + n_methods] for start in range(0, len(maps), n_methods)]
    show_maps(grey, picture.digest, [tile for row in rows for tile in (original, *row)], 1 + n_methods, opacity)


def columns_of(n_tiles):
    """Tiles side by side as long as they fit beside the verdicts; more go in even rows."""
    rows = -(-n_tiles // MOST_IN_A_ROW)
    return max(2, -(-n_tiles // rows))


def show_trust(picture, shown, colours):
    """Checks of every map, a click away, and how alike the maps are; returns the maps with their verdicts."""
    with st.expander("Can these maps be trusted?", icon=":material/fact_check:", key="inspect_belief"):
        checked = [item.checked(show_belief(item.title, item.run, picture, item.reading, colours)) for item in shown]
        show_usual(shown, picture, colours)
        show_alike(shown)
        st.markdown(LIMITS)
        used = dict.fromkeys(item.reading.explanation.method for item in shown)
        st.caption(" ".join(f"{get_method(key).title}: {get_method(key).reference}." for key in used))
    return checked


take_what_is_ready()
st.html(f"<style>{STYLE}</style>")
with st.container(horizontal=True, vertical_alignment="center", key="inspect_head"):
    st.title("Inspect", anchor=False, width="content")
    back_link("inspect_from")
    in_use = st.container(width="stretch")
usable, left_out = with_models(*usable_runs())
best = most_promising([run for run in usable if run.model_path.exists()] or usable)
with st.container(key="inspect_controls"):
    several = len(st.session_state.get("inspect_runs", st.query_params.get_all("inspect_runs"))) > 1
    places = st.columns(CONTROLS[several], vertical_alignment="bottom")
chosen_picture, grey, broken = Chosen(None), None, None
try:
    chosen_picture = choose_picture(*places[:2])
except InputError as error:
    broken = str(error)
chosen, methods, class_name = show_controls(usable, left_out, best, places[2:], chosen_picture.picture)
labelled, picture = told_apart(chosen), chosen_picture.picture
colours = colours_of(labelled)
with in_use:
    show_in_use(picture, chosen, best)
if len(chosen_picture.own) > 1:
    show_several(chosen_picture.own, picture, labelled)
try:
    if picture:
        turns, invert = (st.session_state.get(key, 0) for key in remedy_keys(picture))
        came, picture = picture, changed(picture, turns, bool(invert))
        grey, header = decode(picture)
except InputError as error:
    broken = str(error)
if broken:
    st.error(plain(broken), icon=":material/broken_image:")
films, verdicts = st.columns(PARTS, gap="medium")
with verdicts:
    predictions = score(labelled, picture) if grey is not None else {}
    allowed = show_findings(came, predictions, colours) if predictions else False
look_row = films.container(key="inspect_look_row")
shown, said, remarks = [], [], Remarks()  # downloads read them when they are asked for, by when they are complete

with films, st.container(key="inspect_overlay"):
    if grey is not None:
        asked = {label: labelled[label] for label in predictions} if allowed else {}
        if any(run.config.members for run in asked.values()):
            st.caption(NO_MAP)
        shown = explain_all(explainable(asked), picture, methods, class_name, colours)
        show_grid(picture, grey, header, shown, len(methods), colours)
    if not usable:
        none = "No finished run has its model file here, so nothing can judge this film. Train a model first."
        st.info(none, icon=":material/model_training:")
        train_link()
    elif not chosen:
        st.info("Choose at least one model.")
    elif grey is None and not broken:
        st.info("Upload a radiograph, or choose an example.", icon=":material/upload:")
if shown or not predictions:
    with look_row:
        show_look(partial(show_downloads, picture, grey, shown, said, remarks) if shown else None)
with verdicts, st.container(key="inspect_probabilities"):
    if predictions and allowed:
        settled = show_scores(labelled, predictions, picture)
        said += [Said(label, labelled[label], prediction) for label, prediction in settled.items()]
        shown[:] = [item.settled(settle(item.run, picture)) for item in shown]
if predictions and allowed:
    with verdicts:
        show_erase(picture, grey, labelled, predictions, shown, remarks)
        show_note(came, remarks)
if picture and (reason := why(picture)):
    st.caption(reason)
if shown:
    shown[:] = show_trust(picture, shown, colours)
if any(prediction.neighbours or labelled[label].config.members for label, prediction in predictions.items()):
    with st.expander("The nearest training images of each class", icon=":material/image_search:", key="inspect_neighbours"):
        show_neighbours(labelled, predictions, picture, colours)
if predictions and allowed:
    show_features(labelled, picture)
if predictions:
    show_unmeasured(labelled, predictions)
take_pasted()
show_left_out(left_out)
show_data_line()
get_images()
measure_the_rest()
