"""What balancing hidden groups would do: weight, or repeats in an epoch, of the training images of each group and class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from core.config import Recipe
from core.datasets import Dataset
from core.datasets.splits import carve_validation
from core.errors import InputError
from core.groups import Grouping, groups_at_hand, unknown_look
from core.studies.remedies import SETTINGS
from core.training.hidden_groups.balance import balanced_cells
from dashboard.components.data.catalogue import MOST_CARVED, Catalogue, coded
from dashboard.components.markdown import plain
from dashboard.components.query_params import preset
from dashboard.components.stacked_table import show_stacked

KEYS = ("group_balance", "dro", "last_layer")
CAPS = {f"{cap}×": float(cap) for cap in (1, 2, 4, 8, 16)}  # what a link calls each
CAP, CHOSEN_CAP = f"{Recipe.model_fields['group_cap'].default:g}×", "data_group_cap"
NO_GROUPS = (
    "The images of this data set have not been grouped by their look yet; a training with this setting does it first. To see the groups "
    "before, make them under Hidden groups on this page, or with: `python -m core groups DATA`"
)
IN_PROPORTION = "In proportion to one over the number of images, never above the cap; the mean over all images stays 1."
MEANS = {
    "group_balance": "×: how often an epoch shows each image of the group and class, or, with `group_balance=weights`, what it counts in "
    f"the loss. {IN_PROPORTION}",
    "dro": "×: what each image counts at first, where a batch holds every group and class: all of these weigh alike, however few their "
    "images. After each batch the weights turn to those with the largest loss, so what they become cannot be told before training.",
    "last_layer": f"Images of the patients that a training with seed 0 would keep. ×: what each counts when the last layer is trained. "
    f"{IN_PROPORTION}",
}


def group_preview(key: str, dataset: Dataset, prepared: Catalogue, n_classes: int) -> None:
    """Weights by group and class, under a cap that can be chosen where the remedy has one."""
    grouping = groups_at_hand(dataset)
    if grouping is None:
        st.info(f"{reason} Balancing by it needs the images: choose their folder." if (reason := unknown_look(dataset)) else NO_GROUPS)
        return
    class_names, y = coded(dataset.digest, n_classes, dataset)
    training = (prepared.table["split"] == "train").to_numpy()
    if key == "last_layer":
        try:
            training = _kept(dataset.digest, float(SETTINGS[key][key]), dataset, training)
        except InputError as error:
            st.info(plain(str(error)))
            return
    counts = cell_counts(grouping, y, training, len(class_names))
    cap = max(counts.sum(), 1) if key == "dro" else _choose_cap()  # an image cannot count more than all together
    show_stacked(preview_table(counts, grouping.names, class_names, cap), "Training images of each group and class, and what each counts")
    shares = (balanced_cells(counts, cap) * counts).sum(axis=0) / max(counts.sum(), 1)
    st.caption(
        "Share of each class in the loss: " + ", ".join(f"{plain(n)} {100 * s:.0f} %" for n, s in zip(class_names, shares, strict=True))
    )
    st.caption(f"{grouping.made_from} {MEANS[key]}" + ("" if key == "dro" else f" Setting: `group_cap={cap:g}`."))


def cap_setting(key: str) -> dict[str, str]:
    """The cap of a remedy that has one, where another was chosen than a recipe starts with."""
    cap = st.session_state.get(CHOSEN_CAP, CAP)
    return {"group_cap": f"{CAPS[cap]:g}"} if key in ("group_balance", "last_layer") and cap != CAP else {}


def _choose_cap() -> float:
    preset(CHOSEN_CAP, CAPS, CAP, {f"{cap:g}": title for title, cap in CAPS.items()})
    more = "No image counts more than this; a few images repeated many times are soon overfitted."
    return CAPS[st.segmented_control("Cap", list(CAPS), key=CHOSEN_CAP, required=True, bind="query-params", help=more)]


@st.cache_data(max_entries=8, show_spinner="Keeping patients for the last layer …")
def _kept(digest: str, share: float, _dataset: Dataset, _training: np.ndarray) -> np.ndarray:
    """Which training images a training with seed 0 keeps for the last layer: ndarray of shape (n_samples,), bool."""
    if _training.sum() > MOST_CARVED:
        raise InputError(f"With more than {MOST_CARVED:,} training images, which are kept is settled when a training starts.")
    part = _dataset.samples[_training].assign(split="train")
    kept = np.zeros(len(_training), dtype=bool)
    kept[_training] = (carve_validation(part, share, seed=0) == "val").to_numpy()
    return kept


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
