"""Overview: what this is, how the finished runs compare, what the data are, and what to do next."""

import streamlit as st

from core.errors import InputError
from core.run import LIVE_STATES
from dashboard import state
from dashboard.chosen import chosen
from dashboard.components.data_line import show_data_line
from dashboard.components.dataset_card import dataset_card
from dashboard.components.generalisation import generalisation_section
from dashboard.components.next_steps import next_steps
from dashboard.components.replication import replication_section
from dashboard.components.run_table import leaderboard
from dashboard.components.run_warnings import show_warnings
from dashboard.components.unfinished import unfinished_runs

runs, broken = state.all_runs()
finished = state.finished_runs()
others = [run for run in runs if run not in finished]

st.title("PneumoLens", anchor=False)
st.markdown("Train, compare and question models that look for pneumonia in children's chest X-rays.")
show_data_line()
next_steps(
    has_images=not chosen().is_shipped,
    n_finished=len(finished),
    n_live=sum(run.state in LIVE_STATES for run in others),
)

with st.container(key="overview_leaderboard"):
    st.subheader("Leaderboard", anchor=False, help="Every finished run on the official test images, which no choice was made on.")
    if finished:
        results, unjudged = leaderboard(finished)
        broken = broken | unjudged
        show_warnings(finished)
    else:
        st.info("No run has finished yet. Once one has, its accuracy, AUC, sensitivity and specificity stand here.")
if finished and len(results):
    st.download_button(
        "Download the results (CSV)", results.to_csv(index=False), "pneumolens-results.csv", "text/csv", icon=":material/download:"
    )
unfinished_runs(others, broken)

if finished:
    with st.container(key="overview_replication", border=True):
        st.subheader("Published beside measured", anchor=False, help="Nine published systems, and ours, trained under one protocol.")
        replication_section(finished)
    with st.container(key="overview_generalisation", border=True):
        st.subheader("From validation to test", anchor=False)
        generalisation_section(finished)

with st.container(border=True):
    try:
        dataset_card(state.dataset())
    except InputError as error:
        st.warning(str(error))
