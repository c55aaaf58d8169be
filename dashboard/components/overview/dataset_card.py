"""The data set in short: what it holds, whose it is, and what misleads."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.datasets.sources.shipped import open_shipped
from dashboard.components.formats import imbalance, share
from dashboard.components.links import data_link
from dashboard.components.markdown import plain

KERMANY = (
    "Kermany, Zhang and Goldbaum 2018, children aged 1 to 5, Guangzhou ([Mendeley Data](https://doi.org/10.17632/rscbjbr9sj), "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/))"
)
MEDMNIST = (
    "PneumoniaMNIST of MedMNIST v2, Yang et al. 2023, made from the Kermany set ([Zenodo](https://doi.org/10.5281/zenodo.10519652), "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/))"
)
TRAPS = (
    "The published validation folder has **16 images**, too few to choose a model by; ours is split off train by patient.",
    "The original files **give the class away** by size and JPEG encoding, so a model can learn the file instead of the lung.",
    "Errors are **one-sided**: pneumonia is 74 % of train but 62.5 % of test, and healthy children are called ill too often.",
)


def dataset_card(dataset: Dataset) -> None:
    """Counts by split and class, patients, imbalance, source and licence, and the known traps of the Kermany set."""
    st.subheader("The data", anchor=False)
    counts, traps = st.columns(2)
    source = source_of(dataset)
    with counts:
        st.markdown(f"**{plain(dataset.title)}**, {len(dataset.samples):,} images, {dataset.n_patients:,} patient numbers")
        st.markdown(split_table(dataset.samples))
        st.markdown(_ratios(dataset.samples) + (f"\n\n:small[Source: {source}.]" if source else ""))
    with traps:
        if source == KERMANY:
            st.markdown("**Known traps**\n" + "".join(f"\n- {trap}" for trap in TRAPS))
        data_link()


def split_table(samples: pd.DataFrame) -> str:
    """Markdown table of images with shares: one row a split, one column a class."""
    counts = _counts(samples)
    lines = ["| Split | " + " | ".join(map(plain, counts.columns)) + " |", "|:--|" + "--:|" * len(counts.columns)]
    for split, row in counts.iterrows():
        lines.append(f"| {split} | {' | '.join(share(count, row.sum()) for count in row)} |")
    return "\n".join(lines)


def _ratios(samples: pd.DataFrame) -> str:
    return "Imbalance: " + ", ".join(f"{imbalance(row)} in {split}" for split, row in _counts(samples).iterrows())


def _counts(samples: pd.DataFrame) -> pd.DataFrame:
    counts = samples.groupby(["split", "class_name"]).size().unstack(fill_value=0)
    return counts.reindex([split for split in ("train", "val", "test") if split in counts.index])


def source_of(dataset: Dataset) -> str | None:
    """Where the images come from, with the licence; None for data that are not known here."""
    if dataset.root is not None and dataset.root.suffix.lower() == ".npz":
        return MEDMNIST
    known = dataset.samples["sample_id"].isin(_kermany_ids()).mean()
    return KERMANY if known > 0.9 else None


@st.cache_resource(show_spinner=False)
def _kermany_ids() -> frozenset[str]:
    return frozenset(open_shipped().samples["sample_id"])
