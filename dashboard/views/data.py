"""Data: how balanced a data set is, what its images look like, what in it misleads, and what a remedy would do. No TensorFlow."""

import streamlit as st

from core.datasets.folders.left_out import n_files, never_meant
from core.text import as_csv
from dashboard.components.data.audit.cards import announcement, audit, audit_list, headline, wanted
from dashboard.components.data.audit.unreadable import show_notes, show_unreadable
from dashboard.components.data.balance.chart import areas, bars, show_boxes
from dashboard.components.data.balance.counts import (
    BETAS,
    class_counts,
    counts_text,
    effective_text,
    faded,
    learnable_counts,
    parts,
    stacked,
    train_counts,
)
from dashboard.components.data.catalogue import catalogue
from dashboard.components.data.data_source import choose_dataset, choose_labels
from dashboard.components.data.freshness import redraw_if_changed
from dashboard.components.data.groups.section import show_groups
from dashboard.components.data.image_filter import choose, describe, pick, show_chips
from dashboard.components.data.image_map.chart import image_map
from dashboard.components.data.images.gallery import gallery
from dashboard.components.data.images.mean_images import show_grey_levels, show_means, show_sizes
from dashboard.components.data.images.sample_table import sample_table
from dashboard.components.data.key_figures import show_facts
from dashboard.components.data.label_errors.review import show_review
from dashboard.components.data.remedies.prevalence import prevalence_panel
from dashboard.components.data.remedies.preview import remedies
from dashboard.components.formats import imbalance
from dashboard.components.images.data_line import show_data_line
from dashboard.components.images.getting_images import get_images
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.components.runs.positive import choose_positive

GALLERY, TABLE, MEANS, GREYS, SIZES = "Gallery", "Table", "Mean image", "Grey levels", "Sizes"
USED = {True: "every file is used", False: "no file is looked at, the table alone"}
LOOKS = (GALLERY, TABLE, MEANS, GREYS, SIZES)


def show_numbers(dataset, prepared, counts):
    """How many and how lopsided, how the data were read, and what was left out."""
    show_facts(
        [
            ("Images", f"{len(dataset.samples):,}", ""),
            ("Patient numbers", f"{prepared.table['patient'].max() + 1:,}", patients_told_by(dataset)),
            ("Imbalance", imbalance(counts), "largest class to smallest, in train and validation"),
            ("Effective imbalance", effective_text(counts), "by effective number of samples (Cui et al. 2019, β = 0.999)"),
            ("Files left out", *left_out_fact(dataset)),
        ]
    )
    show_notes(dataset.notes)
    show_unreadable(dataset.unreadable)


def patients_told_by(dataset):
    """Where the patients of a data set are known from."""
    is_table = dataset.root is not None and dataset.root.is_file()
    return "as the table states, else read from names" if is_table else "read from the names of files and folders"


def left_out_fact(dataset):
    """How many files are left out, and how many of them were meant as images."""
    unreadable = dataset.unreadable
    n, others = int(n_files(unreadable).sum()), int(n_files(unreadable[never_meant(unreadable)]).sum())
    if not others:
        return f"{n:,}", USED[dataset.has_pixels or dataset.root is None] if not n else "listed below, with reasons"
    return f"{n:,}", "masks, texts and the like" if n == others else f"{n - others:,} unusable; {others:,} masks, texts and the like"


def show_balance(nodes, counts, class_names, chosen, note):
    """The nested areas, the shares by images and by patients, and the numbers."""
    left, right = st.columns(2)
    with left:
        hint = f"Click a part to filter the page by it. {note or 'Validation is split off train by patient, as a training would do it.'}"
        show_boxes(areas(nodes), "Images by split, class, sub-type and images of the patient", hint, chosen.part, pick, key="balance_parts")
    with right:
        hint = "Several images of one patient are not independent, so compare the shares of images and of patients."
        show_boxes(bars(*stacked(counts, class_names)), "Share of each class by split", hint, chosen.part, pick, key="balance_bars")
    with st.expander("Counts as a table", key="data_counts", on_change="rerun", bind="query-params") as table:
        if table.open:
            beta = st.segmented_control("β of the effective number", BETAS, default=BETAS[2], key="data_beta", required=True)
            st.dataframe(counts_text(counts, class_names, beta), hide_index=True, alt="Images and patients by class and split")
            st.download_button("Download the counts (CSV)", as_csv(counts), "balance.csv", "text/csv", icon=":material/download:")


@st.fragment
def show_images(dataset, prepared, chosen, n_classes):
    """The chosen images, one way of looking at a time; another way redraws them alone."""
    redraw_if_changed(dataset)
    preset("data_look", LOOKS, GALLERY)
    look = st.segmented_control("Look at", LOOKS, key="data_look", required=True, wrap=True, bind="query-params")
    st.caption(f"{describe(chosen, prepared.table)}, in a fixed random order.")
    if not len(chosen.positions):
        st.info("No image matches these filters: clear some of them.")
    elif look == GALLERY and dataset.has_pixels:
        gallery(dataset, prepared, chosen.positions)
    elif look in (GALLERY, TABLE):
        if dataset.root is None:
            st.info("The shipped index holds names and facts, no pictures. To see images, choose one of the three ways at the top.")
        elif not dataset.has_pixels:
            st.info("No image file of this table is at hand. A column with their paths, relative to the table, shows the pictures.")
        sample_table(dataset, chosen.positions)
    else:
        {MEANS: show_means, GREYS: show_grey_levels, SIZES: show_sizes}[look](dataset, n_classes, chosen.positions)


@st.fragment
def show_remedies(dataset, prepared, counts, class_names, n_classes, shares):
    """What could be done about the imbalance, and what it would be worth; its own widgets redraw it alone."""
    redraw_if_changed(dataset)
    remedies(counts, class_names, dataset, prepared, n_classes)
    if len(class_names) == 2 and shares:
        st.markdown("#### What a positive result means")
        ill = plain(class_names[1])
        st.caption(f"How likely a positive result is right depends on how many patients are ill; the illness here is the class {ill}.")
        prevalence_panel(shares, dataset)


@st.fragment
def show_audit(dataset, verdict):
    """What the audit found, and above the fold the verdict; its own widgets redraw it alone."""
    redraw_if_changed(dataset)
    findings = audit(dataset) if wanted(dataset) else []
    if findings:
        verdict.markdown(headline(findings))
        audit_list(findings)


@st.fragment
def explore(dataset, prepared, counts, class_names, n_classes):
    """The balance, the filter and the images that pass it: what a click on a part redraws."""
    redraw_if_changed(dataset)
    with st.container(key="data_balance"):
        st.subheader("Balance", anchor=False)
        place = st.container()
        chosen = choose(dataset, prepared)
        with place:
            show_balance(faded(parts(dataset.digest, prepared), chosen), counts, class_names, chosen, prepared.note)
    with st.container(key="data_gallery"):
        st.subheader("Images", anchor="images")
        show_chips()
        show_images(dataset, prepared, chosen, n_classes)
    with st.container(key="data_groups"):
        st.subheader("Hidden groups", anchor="hidden-groups")
        show_groups(dataset, prepared, chosen, n_classes)
    with st.container(key="data_map"):
        st.subheader("Map of the images", anchor=False)
        image_map(dataset, prepared, chosen, n_classes)


def ill_shares(counts, class_names, positive):
    """Share of the ill one of two classes by split; empty with other numbers of classes, and until it is known which is ill."""
    if len(class_names) != 2 or not positive:
        return {}
    by_split = counts.pivot(index="split", columns="label", values="images")
    return {split: row[positive] / row.sum() for split, row in by_split.iterrows() if split != "val"}


st.title("Data", anchor=False)
line = st.container()
get_images()
source, labels = st.columns([3, 1], vertical_alignment="bottom")
with source:
    dataset = choose_dataset()
with labels, st.container(key=None if dataset else "data_labels"):
    n_classes = choose_labels(dataset) if dataset else 2
with line:
    show_data_line(dataset)
if dataset:
    dataset = choose_positive(dataset, "data_positive")
    prepared = catalogue(dataset.digest, dataset)
    counts, class_names = class_counts(dataset.digest, n_classes, dataset, prepared)
    training = train_counts(counts, class_names)
    show_numbers(dataset, prepared, learnable_counts(counts))
    verdict = st.empty()
    verdict.markdown(announcement(dataset))
    explore(dataset, prepared, counts, class_names, n_classes)
    with st.container(key="data_remedies"):
        st.subheader("Remedies for imbalance", anchor=False)
        show_remedies(dataset, prepared, training, class_names, n_classes, ill_shares(counts, class_names, dataset.positive_class))
    with st.container(key="data_audit"):
        st.subheader("What could mislead a model", anchor=False)
        show_audit(dataset, verdict)
    with st.container(key="data_review"):
        st.subheader("Suspected label errors", anchor=False)
        show_review(dataset, n_classes)
else:
    for key in ("data_balance", "data_gallery", "data_groups", "data_map", "data_remedies", "data_audit", "data_review"):
        st.container(key=key)
