"""Data: how balanced a data set is, what its images look like, and what in it misleads. No TensorFlow."""

import streamlit as st

from dashboard.components.audit_list import audit_list
from dashboard.components.balance import class_counts, counts_text, split_with_validation, tree_counts
from dashboard.components.data_source import choose_dataset, choose_labels
from dashboard.components.formats import imbalance
from dashboard.components.gallery import clicks, filter_samples, follow_click, gallery
from dashboard.figures.balance import balance_bars, balance_icicle


def show_facts(dataset):
    """Four numbers, and the files that could not be read."""
    train = dataset.samples.loc[dataset.samples["split"] != "test", "class_name"].value_counts()
    with st.container(horizontal=True):
        st.metric("Images", f"{len(dataset.samples):,}", width="content")
        st.metric("Patient numbers", f"{dataset.samples['patient_id'].nunique():,}", width="content", help="Read from file names.")
        st.metric("Imbalance in train", imbalance(train.tolist()), width="content", help="Images of the largest class to the smallest.")
        st.metric("Unreadable files", f"{len(dataset.unreadable):,}", width="content")
    if len(dataset.unreadable):
        with st.expander(f"{len(dataset.unreadable):,} files could not be read and are left out"):
            st.dataframe(dataset.unreadable, hide_index=True, alt="Unreadable files with reasons")


def show_balance(dataset, split, n_classes):
    """The nested areas, then the shares by images and by patients."""
    counts, class_names = class_counts(dataset, split, n_classes)
    areas, bars = st.columns(2)
    with areas:
        st.plotly_chart(
            balance_icicle(tree_counts(dataset.samples, split, n_classes), clicks()),
            key="balance_parts",
            on_select=lambda: follow_click("balance_parts"),
            config={"displayModeBar": False},
            alt="Images by split and class; the numbers are in the table below.",
        )
        st.caption("Click a part to see its images below. Validation is carved from train, patient by patient.")
    with bars:
        st.plotly_chart(balance_bars(counts, class_names), config={"displayModeBar": False}, alt="Share of each class by split")
        st.caption("Several images of one patient are not independent: compare the shares by images and by patients.")
    with st.expander("Counts as a table"):
        st.dataframe(counts_text(counts, class_names), hide_index=True, alt="Images and patients by split and class")
        st.download_button("Download the counts (CSV)", counts.to_csv(index=False), "balance.csv", "text/csv", icon=":material/download:")


st.title("Data", anchor=False)
source, labels = st.columns([3, 1], vertical_alignment="bottom")
with source:
    dataset = choose_dataset()
if dataset:
    with labels:
        n_classes = choose_labels(dataset)
    show_facts(dataset)
with st.container(key="data_balance"):
    st.subheader("Balance", anchor=False)
    if dataset:
        split = split_with_validation(dataset)
        show_balance(dataset, split, n_classes)
with st.container(key="data_gallery"):
    st.subheader("Images", anchor=False)
    if dataset:
        gallery(dataset, filter_samples(dataset.samples, split))
with st.container(key="data_audit"):
    st.subheader("What could mislead a model", anchor=False)
    if dataset:
        audit_list(dataset)
