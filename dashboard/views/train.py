"""Train: choose systems, start them, follow them, stop them. Each training is a process of its own; no TensorFlow here."""

import streamlit as st

from dashboard.components.data_line import show_data_line
from dashboard.components.getting_images import get_images
from dashboard.components.train.form import choose_system, configure, name_and_note, show_system
from dashboard.components.train.plan import choose_data, show_plan, take_linked_data
from dashboard.components.train.progress import training_progress
from dashboard.components.train.start import start_button
from dashboard.components.train.sweep.section import show_sweeps

st.title("Train", anchor=False)
take_linked_data()
show_data_line()
get_images()
form, right = st.columns([2, 3], gap="large")
plan = right.container(border=True, key="train_plan")  # its button in sight, beside the form
with right, st.container(key="train_progress"):
    st.subheader("Progress", anchor=False)
    training_progress()
    show_sweeps()
with form:
    system, variant = choose_system()
    show_system(system, variant)
    data = choose_data()
    asked = configure(system, variant)
    name, note = name_and_note()
with plan:
    start_button(show_plan(asked, data), data, name, note)
