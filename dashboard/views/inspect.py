"""Placeholder of the inspect page."""

import streamlit as st

st.title("inspect")
