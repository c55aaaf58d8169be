"""Remedies for imbalance, seen before training: what an epoch and a batch would look like, and what finished runs measured with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.datasets.imbalance import balanced_weights, focal_factor, loss_shares, moved_threshold, shown_per_epoch
from dashboard.components.data.catalogue import Catalogue
from dashboard.components.data.remedies.group_preview import group_preview
from dashboard.components.data.remedies.html_bars import bars, legend, squares
from dashboard.components.data.remedies.measured import measured
from dashboard.components.data.remedies.study import show_all, show_difference, study_of
from dashboard.components.markdown import as_markdown, plain
from dashboard.components.query_params import preset
from dashboard.figures.labels import short
from dashboard.figures.remedies import focal_curve

STILL = {"displayModeBar": False}
BATCH = 32
MOST_CLASSES = 10
MEANS = (
    "Each image: how often an epoch shows it, on average. Weight: what its loss is multiplied by. Implied prior: the share of the class "
    "that a model trained this way learns to expect."
)


@dataclass(frozen=True)
class Remedy:
    """One way to answer imbalance."""

    key: str
    title: str
    setting: str
    effect: str
    cost: str


REMEDIES = (
    Remedy(
        "none",
        "None",
        "",
        "Every image counts once, so a model learns each class as often as it occurs.",
        "Accuracy rewards the largest class.",
    ),
    Remedy(
        "class_weights",
        "Class weights",
        "class_weights=balanced",
        "Every image is shown once; errors on a rare class cost more.",
        "A few images with large weights make training less stable, and probabilities no longer follow the class shares of the data.",
    ),
    Remedy(
        "oversample",
        "Oversampling",
        "sampling=oversample",
        "Images of the smaller classes are shown several times an epoch.",
        "An epoch takes longer, and the repeated images are soon overfitted: augmentation matters more.",
    ),
    Remedy(
        "undersample",
        "Undersampling",
        "sampling=undersample",
        "Each epoch draws no more images of a class than the smallest one has.",
        "An epoch is short, and most images of the large classes are not seen in it.",
    ),
    Remedy(
        "focal",
        "Focal loss",
        "loss=focal",
        "Images that are already classified with confidence count less (Lin et al. 2017).",
        "It plays down easy images, which are not the same as common classes; probabilities become underconfident.",
    ),
    Remedy(
        "group_balance",
        "Group balance",
        "group_balance=sampling",
        "Each class inside each group of films that look alike is shown about as often as any other (Idrissi et al. 2022).",
        "Rare films are repeated and may be overfitted, and the balance is only as good as the groups.",
    ),
    Remedy(
        "threshold",
        "Threshold moving",
        "",
        "Nothing changes in training: the score above which an image counts as ill is chosen afterwards.",
        "It trades missed cases for false alarms; the ranking of the images, and so the AUC, stays as it is.",
    ),
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
        if remedy.key == "group_balance":
            group_preview(dataset, prepared, n_classes)
        else:
            _preview(np.array(counts), class_names, remedy)
    with right:
        if study:
            show_difference(*study, remedy.key)
        words = "no remedy" if remedy.key == "none" else remedy.title.lower()
        with st.expander(f"Finished runs with {words}, on test", expanded=study is None):
            measured(remedy.key, remedy.setting, len(class_names), dataset.fingerprint)
    if study:
        show_all(*study, {remedy.key: remedy.title for remedy in REMEDIES if remedy.key != "none"})


def remedy_table(counts: np.ndarray, class_names: tuple[str, ...], remedy: str) -> pd.DataFrame:
    """One row a class: images, how many an epoch shows, how often each repeats, its weight, and the share that a model comes to expect."""
    shown = shown_per_epoch(counts, remedy)
    weight = balanced_weights(counts) if remedy == "class_weights" else np.ones(len(counts))
    return pd.DataFrame(
        {
            "Class": class_names,
            "Images": counts,
            "Shown in an epoch": shown,
            "Each image": np.round(np.divide(shown, counts, out=np.zeros(len(counts)), where=counts > 0), 2),
            "Weight": weight.round(3),
            "Implied prior": (100 * loss_shares(counts, remedy)).round(1),
        }
    )


def usual_batch(shown: np.ndarray, size: int = BATCH) -> np.ndarray:
    """Images of each class in a batch of an epoch, on average, in whole images that add up to its size: (n_classes,), int."""
    size = min(size, int(shown.sum()))
    exact = size * shown / max(shown.sum(), 1)
    whole = np.floor(exact).astype(int)
    most_lacking = np.argsort(whole - exact, kind="stable")[: size - whole.sum()]
    whole[most_lacking] += 1
    return whole


def usual_range(shown: np.ndarray, size: int = BATCH) -> tuple[int, int]:
    """Between what numbers of images of the first class 95 % of the batches lie, drawn from the epoch without replacement."""
    from scipy.stats import hypergeom

    low, high = hypergeom(int(shown.sum()), int(shown[0]), min(size, int(shown.sum()))).interval(0.95)
    return int(low), int(high)


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
    st.markdown(as_markdown(readable(table)))
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


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """`remedy_table` with its units."""
    return table.assign(
        **{
            "Images": table["Images"].map("{:,}".format),
            "Shown in an epoch": table["Shown in an epoch"].map("{:,}".format),
            "Each image": table["Each image"].map("{:.2f}×".format),
            "Weight": table["Weight"].map("{:.3f}".format),
            "Implied prior": table["Implied prior"].map("{:.1f} %".format),
        }
    )


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
