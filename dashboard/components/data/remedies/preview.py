"""Remedies for imbalance, seen before training: what an epoch and a batch would look like, and what finished runs measured with them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.datasets import Dataset
from core.datasets.imbalance import focal_factor, moved_threshold
from core.studies.remedies import NONE, SHARES, THRESHOLD
from dashboard.components.data.catalogue import Catalogue
from dashboard.components.data.remedies.epoch import readable, remedy_table, usual_batch, usual_range
from dashboard.components.data.remedies.group_preview import KEYS, cap_setting, group_preview
from dashboard.components.data.remedies.html_bars import bars, legend, squares
from dashboard.components.data.remedies.measured import NAMES, measured
from dashboard.components.data.remedies.picture_preview import picture_preview
from dashboard.components.data.remedies.remedy import REMEDIES, Remedy
from dashboard.components.data.remedies.study import show_all, show_difference, study_of
from dashboard.components.links import compare_link, train_link
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.components.stacked_table import show_stacked
from dashboard.figures.labels import short
from dashboard.figures.remedies import focal_curve

STILL = {"displayModeBar": False}
MOST_CLASSES = 10
MEANS = (
    "Each image: how often an epoch shows it, on average. Weight: what its loss is multiplied by. Implied prior: the share of the class "
    "that a model trained this way learns to expect."
)


def remedies(counts: list[int], class_names: tuple[str, ...], dataset: Dataset, prepared: Catalogue, n_classes: int) -> None:
    """The panel.

    Parameters
    ----------
    counts : list of int
        Training images of each class.
    class_names : tuple of str
    dataset : Dataset
        Runs on others are left out.
    prepared : Catalogue
        Of the data set.
    n_classes : int
        Of the label scheme.
    """
    by_title = {remedy.title: remedy for remedy in REMEDIES}
    preset("data_remedy", by_title, REMEDIES[0].title, {remedy.key: remedy.title for remedy in REMEDIES})
    title = st.segmented_control("Remedy", by_title, key="data_remedy", required=True, wrap=True, bind="query-params")
    remedy = by_title[title]
    st.markdown(f"{remedy.effect} {remedy.cost}" + (f" Setting on the Train page: `{remedy.setting}`." if remedy.setting else ""))
    study = study_of(dataset, len(class_names))
    left, right = st.columns([5, 6])
    with left:
        if remedy.key in KEYS:
            group_preview(remedy.key, dataset, prepared, n_classes)
        elif remedy.key in SHARES:
            picture_preview(remedy.key, dataset, prepared)
        else:
            _preview(np.array(counts), class_names, remedy)
        _try(remedy)
    with right:
        if study:
            show_difference(*study, remedy.key)
        with st.expander(f"Finished runs with {NAMES[remedy.key]}, on test", expanded=study is None):
            measured(remedy.key, len(class_names), dataset.fingerprint)
    if study:
        show_all(*study, {remedy.key: remedy.title for remedy in REMEDIES if remedy.key != NONE})


def _try(remedy: Remedy) -> None:
    """The way to a training with the remedy, and for one that needs no training to where its threshold is moved."""
    if remedy.key == THRESHOLD:
        compare_link([], "Move the threshold on Compare", enabled=True)
        return
    train_link(f"Train with {NAMES[remedy.key]}", remedy.recipe_settings | cap_setting(remedy.key))


def _preview(counts: np.ndarray, class_names: tuple[str, ...], remedy: Remedy) -> None:
    if counts.sum() == 0:
        st.info("There are no training images, so there is nothing to preview.")
        return
    table = remedy_table(counts, class_names, remedy.key)
    if len(class_names) > MOST_CLASSES:
        st.dataframe(table, hide_index=True, column_config=_config(), alt="What the remedy does to each class")
        return
    wanted = {"Training images": "Images", "Shown in an epoch": "Shown in an epoch", "Weight in the loss": "Implied prior"}
    shown = table["Shown in an epoch"].to_numpy()
    batch = usual_batch(shown)
    st.html(legend(class_names) + bars({title: table[column] for title, column in wanted.items()}, class_names))
    st.caption(_batch_text(batch, shown, class_names))
    st.html(squares(np.repeat(np.arange(len(batch)), batch), class_names))
    show_stacked(readable(table), "What the remedy does to each class")
    st.caption(MEANS)
    _extra(remedy.key, counts, class_names)


def _batch_text(batch: np.ndarray, shown: np.ndarray, class_names: tuple[str, ...]) -> str:
    """What a batch holds on average, and how far single batches are from it."""
    found = ", ".join(f"{n} {plain(short(name))}" for name, n in zip(class_names, batch, strict=True))
    text = f"A batch of {batch.sum()} holds on average {found}."
    if len(batch) != 2 or batch.sum() == shown.sum():
        return text
    low, high = usual_range(shown)
    return f"{text} Batches are drawn at random: 95 % of them hold {low} to {high} {plain(short(class_names[0]))}."


def _extra(key: str, counts: np.ndarray, class_names: tuple[str, ...]) -> None:
    """What belongs to one remedy alone."""
    if key == "focal":
        probability = np.linspace(0.01, 0.99, 99)
        factors = {f"γ = {gamma:g}": focal_factor(probability, gamma) for gamma in (0, 1, 2, 5)}
        st.plotly_chart(focal_curve(probability, factors), key="data_focal", config=STILL, alt="Part of the loss that the focal loss keeps")
        st.caption("γ = 0 is cross-entropy. At γ = 2 an image whose true class has probability 0.9 counts a hundredth, at 0.5 a quarter.")
    if key == "threshold" and len(counts) == 2 and counts.min() > 0:
        prior, expected = counts[1] / counts.sum(), st.session_state.get("data_prevalence", 62) / 100
        st.markdown(
            f"{plain(class_names[1])} is {100 * prior:.0f} % of train. Where {100 * expected:.0f} % are ill, a calibrated model that "
            f"learnt that share should use a threshold of **{moved_threshold(prior, expected):.2f}** instead of 0.50 (Saerens et al. 2002)."
        )


def _config() -> dict:
    column = st.column_config
    return {
        "Class": column.TextColumn(width=140),
        "Each image": column.NumberColumn(format="%.2f×", help="How often an epoch shows each image of the class, on average."),
        "Weight": column.NumberColumn(format="%.3f", help="Multiplies the loss of each image: n / (classes × images of the class)."),
        "Implied prior": column.NumberColumn(
            format="%.1f %%", help="The share of the class that a model trained this way learns to expect."
        ),
    }
