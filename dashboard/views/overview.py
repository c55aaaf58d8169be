"""Overview: what this is, where to begin, which model did best, and how the recipes compare."""

import streamlit as st

from core.errors import InputError
from core.runs.identity import group_runs
from core.runs.run import LIVE_STATES
from core.text import as_csv
from dashboard import state
from dashboard.chosen import chosen
from dashboard.components.images.data_line import show_data_line
from dashboard.components.markdown import plain
from dashboard.components.overview.about_runs import archived_section
from dashboard.components.overview.dataset_card import dataset_card
from dashboard.components.overview.generalisation_gap import generalisation_section
from dashboard.components.overview.intents import intents
from dashboard.components.overview.leaderboard import leaderboard
from dashboard.components.overview.next_steps import next_steps
from dashboard.components.overview.published_vs_measured import replication_section
from dashboard.components.overview.unfinished_runs import unfinished_runs
from dashboard.components.overview.verdict import verdict
from dashboard.components.runs.recipe_board import boards
from dashboard.components.runs.run_warnings import show_warnings

runs, broken = state.all_runs()
archived = state.archived_runs()
finished = state.finished_runs()
listed = {run.name for run in (*finished, *archived)}
others = [run for run in runs if run.name not in listed]

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("PneumoLens", anchor=False, width="content")
    show_data_line()
st.markdown(
    "Train, compare and question models that look for pneumonia in children's chest X-rays: what they learn from, how often they are "
    "right, and what they look at."
)
count_the_data = intents(finished, len(group_runs(finished)))
by_group, by_run, unjudged = boards(finished)

with st.container(key="overview_leaderboard"):
    if len(by_group):
        verdict(by_group, dict(zip(by_run["runs"].str[0], by_run["roc_auc"], strict=True)))
        leaderboard(by_group, by_run, {run.name: run for run in finished})
        show_warnings(finished)
    else:
        st.info("No run has finished yet. Once one has, its accuracy, AUC, sensitivity and specificity stand here.")
next_steps(
    has_images=not chosen().is_shipped,
    n_finished=len(finished),
    n_live=sum(run.state in LIVE_STATES for run in others),
)
unfinished_runs(others, broken | unjudged)
archived_section(archived)


def folded(title: str, key: str) -> st.container:
    """A fold of which the content is made when it is opened."""
    return st.expander(title, key=key, on_change="rerun", bind="query-params")


if finished:
    published = folded("Published beside reproduced", "overview_published")
    if published.open:
        with published, st.container(key="overview_replication"):
            replication_section(finished)
    gaps = folded("From validation to test", "overview_gaps")
    if gaps.open:
        with gaps, st.container(key="overview_generalisation"):
            left_out = [run for run in archived if run.config.recipe.left_out and run.state == "finished"]
            generalisation_section([*finished, *left_out])
card = folded("The data in short, and its known traps", "overview_data")
if card.open:
    with card:
        try:
            dataset_card(state.dataset())
        except InputError as error:
            st.warning(plain(error))
if len(by_run):
    st.download_button(
        "Download the results (CSV)",
        lambda: as_csv(state.board(finished)),
        "pneumolens-results.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
    )
count_the_data()
