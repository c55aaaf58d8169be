"""Train: choose a system, start it, follow it, stop it. The training is a process of its own; no TensorFlow here."""

import streamlit as st

from dashboard.components.data_line import show_data_line
from dashboard.components.getting_images import get_images
from dashboard.components.training_form import choose_data, choose_system, configure, show_system, start_button
from dashboard.components.training_progress import training_progress

st.title("Train", anchor=False)
show_data_line()
get_images()
form, progress = st.columns([2, 3], gap="large")
with form:
    system, variant = choose_system()
    show_system(system, variant)
    data = choose_data()
    config = configure(system, variant)
    start_button(config, data)
with progress, st.container(key="train_progress"):
    st.subheader("Progress", anchor=False)
    training_progress()
