"""Several runs on the same test images: metrics, curves, confusion matrices, and where they disagree. No TensorFlow."""

from pathlib import Path

import streamlit as st

from core.counted import counted
from core.errors import InputError
from core.metrics.operating_point import available_points
from core.metrics.rules_apart import rules_note
from dashboard import state
from dashboard.components.after_paint import painted
from dashboard.components.compare.comparison import Comparison, compare_at
from dashboard.components.compare.confusion.confusion_matrix import pick_view, show_confusion, show_subtypes
from dashboard.components.compare.confusion.matrix_clicks import follow_clicks
from dashboard.components.compare.curves.calibration import show_calibration, show_histograms
from dashboard.components.compare.curves.curves import CURVES, pick_class, pick_curve, pick_focus, show_curve
from dashboard.components.compare.curves.learning_curves import show_learning
from dashboard.components.compare.curves.seeds import pick_recipe
from dashboard.components.compare.error_costs import show_consequences, weight_and_prevalence
from dashboard.components.compare.groups.by_group import show_by_group
from dashboard.components.compare.groups.weak_slices import show_weak_slices
from dashboard.components.compare.images.disagreements import show_disagreements
from dashboard.components.compare.maps.mean_maps import show_mean_maps
from dashboard.components.compare.referral import show_referral
from dashboard.components.compare.report_button import report_button
from dashboard.components.compare.runs.compared_before import first_choice, opens_anew, remember
from dashboard.components.compare.runs.import_run import newly_added, show_import
from dashboard.components.compare.runs.leaderboard import choose_from
from dashboard.components.compare.runs.leaderboard_rows import board_rows
from dashboard.components.compare.runs.refused_runs import show_refused
from dashboard.components.compare.runs.run_legend import show_legend
from dashboard.components.compare.tables.metrics_table import show_metrics
from dashboard.components.compare.tables.paired_tests import show_differences
from dashboard.components.compare.tables.settings_table import show_settings
from dashboard.components.compare.threshold.follow_slider import follow_slider
from dashboard.components.compare.threshold.operating_point import pick_operating_point
from dashboard.components.compare.threshold.threshold_counts import show_counts
from dashboard.components.images.data_line import show_data_line
from dashboard.components.links import train_link
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.components.runs.run_picker import MAX_RUNS, pick_runs, preset_runs, show_left_out, usable_runs
from dashboard.components.runs.run_warnings import show_warnings

CALIBRATION, SCORES, LEARNING = "Calibration", "Scores", "Learning"
SECTIONS = ("compare_curves", "compare_confusion", "compare_disagreements")
TWO, THREE = "Two classes", "Three classes"
STYLES = Path(__file__).parents[1] / "components" / "compare" / "compare.css"
HELP = "One to six finished runs; their order gives the letters."


def show_leaderboard(usable):
    """All recipes or all runs, once it is opened; the choice of runs has its first value by then."""
    box = st.expander(f"Leaderboard of {counted(len(usable), 'run')}", key="compare_leaderboard", on_change="rerun", bind="query-params")
    if not box.open:
        return
    with box:
        st.caption(
            "One line for the seeds of a recipe. Lines are in the order of what was known before test: the AUC on altered validation "
            "images (the battery), or on plain ones where there are no others. Figures on test stand beside it; nothing was chosen by them."
        )
        each = st.toggle("Each seed", key="compare_board_seeds", help="A line for every run.", bind="query-params")
        choose_from(board_rows(usable, each), "compare_runs")
        if note := rules_note(usable):
            st.caption(f":material/warning: {note}")


def pick_scheme(runs):
    """Whether runs of three classes are shown as two; only they have a choice."""
    if not runs or any(run.config.class_names != runs[0].config.class_names or run.config.n_classes != 3 for run in runs):
        return False
    preset("compare_labels", (THREE, TWO), THREE)
    scheme = st.segmented_control("Labels", [THREE, TWO], key="compare_labels", required=True, bind="query-params")
    return scheme == TWO


@st.fragment
def show_curves(comparison: Comparison):
    """The kind of curve chosen; only that one is computed, and drawn by Plotly when the rest of the page stands."""
    kind = pick_curve("compare_curve", [*CURVES, CALIBRATION, SCORES, LEARNING])
    with st.container(horizontal=True):
        focus = pick_focus("compare_focus", comparison) if kind != SCORES else None
        class_id = pick_class("compare_class", comparison.panel.class_names) if kind != LEARNING else 0
    if kind in CURVES:
        show_curve(kind, class_id, comparison, focus)
    elif not painted("the curves"):
        return
    elif kind == LEARNING:
        show_learning(comparison.runs, comparison.colours, "compare_learning", focus)
    elif kind == CALIBRATION:
        show_calibration(comparison, class_id, "compare_calibration", focus)
    elif kind == SCORES:
        show_histograms(comparison, class_id, "compare_scores")


def show_matrices(comparison: Comparison, n_runs: int):
    """The confusion matrices, of which a click opens the images; returns whether differences are shown."""
    with st.container(key="compare_confusion"):
        st.subheader("Confusion matrices" if n_runs > 1 else "Confusion matrix")
        difference = pick_view("compare_matrices", n_runs)
        show_confusion(comparison, difference)
        follow_clicks(comparison, "compare")
        show_subtypes(comparison)
    return difference


@st.fragment
def show_results(key, panel, runs):
    """Everything that follows the operating point, drawn anew alone when that moves."""
    rules, has_cases = available_points(panel, runs), bool((panel.y_true == 1).any())
    bar = st.container(key="compare_bar")  # stays in sight
    with bar:
        point = pick_operating_point("compare_operating_point", len(panel.class_names), rules, has_cases)
    try:
        comparison = compare_at(key, panel, runs, point)
    except InputError as error:
        st.warning(plain(error))
        return
    with bar:
        show_counts(comparison)
    show_legend(comparison.runs, comparison.colours, comparison.evaluations, comparison.followed)
    show_settings(comparison.runs)
    for note in comparison.notes:
        st.info(plain(state.named(note)), icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.subheader("Metrics", width="content")
        costs = [*weight_and_prevalence(comparison, "compare_cost")]
        report_button(comparison, point, costs)
    ids = {label: run.name for label, run in comparison.runs.items()}
    show_metrics(comparison.evaluations, ids, comparison.followed, comparison.colours)
    if len(runs) > 1:
        st.subheader("Is the difference real?")
        show_differences(comparison)
    curves = st.container(key="compare_curves")
    difference = show_matrices(comparison, len(runs))
    if comparison.binary:
        box = st.expander("What do the errors cost?", key="compare_cost", on_change="rerun", bind="query-params")
        if box.open:
            with box:
                show_consequences(comparison, "compare_cost")
    costs[:] = weight_and_prevalence(comparison, "compare_cost")  # now as its widgets have them, be it of a link just opened
    show_by_group(comparison, "compare")
    show_weak_slices(comparison, "compare")
    show_referral(comparison)
    show_mean_maps(comparison.runs, comparison.colours, "compare")
    with st.container(key="compare_disagreements"):
        st.subheader("Where they disagree" if len(runs) > 1 else "Where it is wrong")
        show_disagreements(comparison, "compare")
    follow_slider(comparison, "compare_operating_point", difference)
    with curves:
        st.subheader("Curves")
        show_curves(comparison)


st.html(STYLES)
st.title("Compare")
show_data_line()
usable, left_out = usable_runs()
chosen = []
if usable:
    newly_added("compare_runs")
    default = first_choice(usable) if opens_anew("compare_runs", usable) else []
    preset_runs("compare_runs", usable, default, left_out)
    show_leaderboard(usable)
    left, right = st.columns([7, 2], vertical_alignment="bottom")
    with right:
        pick_recipe("compare_runs", usable, MAX_RUNS)
    with left:
        chosen = pick_runs("compare_runs", usable, default, "Runs", HELP)
    remember(chosen, usable)
else:
    st.container(key="compare_runs")
    st.info("There is no finished run yet. Train a model to judge it here, a second one to compare them.", icon=":material/compare_arrows:")
    train_link()
with st.container(horizontal=True, vertical_alignment="center"):
    show_import(usable)
    show_left_out(left_out)

lineup = state.lineup(chosen, pick_scheme(chosen)) if chosen else None
if usable and not chosen:
    st.info("Choose at least one run.")
show_warnings(chosen)
if lineup:
    show_refused(lineup.refused, chosen, "compare_runs")
    for note in lineup.notes:
        st.info(plain(note), icon=":material/info:")
if lineup and lineup.panel:
    show_results(state.identities(chosen), lineup.panel, [run for run in chosen if run.name in lineup.panel.names])
else:
    for key in ("compare_operating_point", *SECTIONS):
        st.container(key=key)
