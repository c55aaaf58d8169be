"""What balancing hidden groups would do: weight, or repeats in an epoch, of the training images of each group and class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.config import Recipe
from core.datasets import Dataset
from core.groups import Grouping, groups_at_hand
from core.training.hidden_groups.balance import balanced_cells
from dashboard.components.data.catalogue import Catalogue, coded
from dashboard.components.markdown import as_markdown, plain
from dashboard.components.query_params import preset

CAPS = (1.0, 2.0, 4.0, 8.0, 16.0)
CAP = Recipe.model_fields["group_cap"].default
NO_GROUPS = (
    "The images of this data set have not been grouped by their look yet; a training with this setting does it first. To see the groups "
    "before, make them under Hidden groups on this page, or with: `python -m core groups DATA`"
)
MEANS = (
    "×: what each image of the group and class counts in the loss with `group_balance=weights`, or how often an epoch shows it with "
    "`sampling`. In proportion to one over the number of images, never above the cap; the mean over all images stays 1. "
    "`dro` starts from equal weights and turns to whichever group and class has the largest loss."
)


def group_preview(dataset: Dataset, prepared: Catalogue, n_classes: int) -> None:
    """Weights by group and class under a cap that can be chosen."""
    grouping = groups_at_hand(dataset)
    if grouping is None:
        st.info(NO_GROUPS)
        return
    preset("data_group_cap", CAPS, CAP, {f"{cap:g}": cap for cap in CAPS})
    cap = st.segmented_control(
        "Cap", CAPS, key="data_group_cap", required=True, bind="query-params", format_func="{:g}×".format,
        help="No image counts more than this; a few images repeated many times are soon overfitted.",
    )  # fmt: skip
    class_names, y = coded(dataset.digest, n_classes, dataset)
    training = (prepared.table["split"] == "train").to_numpy()
    counts = cell_counts(grouping, y, training, len(class_names))
    st.markdown(as_markdown(preview_table(counts, grouping.names, class_names, cap)))
    shares = (balanced_cells(counts, cap) * counts).sum(axis=0) / max(counts.sum(), 1)
    st.caption(
        "Share of each class in the loss: " + ", ".join(f"{plain(n)} {100 * s:.0f} %" for n, s in zip(class_names, shares, strict=True))
    )
    st.caption(f"{grouping.made_from} {MEANS} Setting: `group_cap={cap:g}`.")


def cell_counts(grouping: Grouping, y: np.ndarray, training: np.ndarray, n_classes: int) -> np.ndarray:
    """Training images of each group and class: (k, n_classes), int."""
    cells = grouping.codes[training] * n_classes + y[training]
    return np.bincount(cells, minlength=grouping.k * n_classes).reshape(grouping.k, n_classes)


def preview_table(counts: np.ndarray, group_names: tuple[str, ...], class_names: tuple[str, ...], cap: float) -> pd.DataFrame:
    """One row a group, two columns a class: its training images, and what each counts."""
    weights = balanced_cells(counts, cap)
    table = {"Group": list(group_names)}
    for number, name in enumerate(class_names):
        table[name] = [f"{n:,}" for n in counts[:, number]]
        table[f"{name} ×"] = [f"{w:.2f}" if n else "–" for n, w in zip(counts[:, number], weights[:, number], strict=True)]
    return pd.DataFrame(table)
