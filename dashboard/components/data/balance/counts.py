"""Class balance: counts by split, images against patients, with the validation carve-out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.datasets import Dataset
from core.datasets.imbalance import BETA, effective_number
from dashboard.components.data.catalogue import SPLITS, Catalogue, coded
from dashboard.components.data.image_filter import Selection
from dashboard.components.formats import imbalance, share

MOST_PARTS = 400  # more areas than that are slivers
MOST_STACKED = 10
BETAS = (0.9, 0.99, BETA, 0.9999)


@st.cache_data(max_entries=8, show_spinner=False)
def parts(digest: str, _catalogue: Catalogue) -> pd.DataFrame:
    """Every part of the nested areas, the levels from the outside in: split, class, sub-type, films of the patient.

    Returns
    -------
    DataFrame
        ``id, parent, label, depth, kind, images, patients`` and the names by level; levels that tell nothing are left out.
    """
    table = _catalogue.table
    levels = ["split", "class_name"]
    if table["subtype"].nunique() > 1:
        levels.append("subtype")
        table = table.assign(subtype=table["subtype"].astype("object").fillna(table["class_name"].astype("object")).astype("category"))
    if table["films"].nunique() > 1:
        levels.append("films")
    while len(levels) > 2 and _n_parts(table, levels) > MOST_PARTS:
        levels.pop()
    tables = [_level(table, levels[:depth]) for depth in range(1, len(levels) + 1)]
    return pd.concat(tables, ignore_index=True)


def faded(nodes: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """The parts with a column ``faded``: what the filter leaves out."""
    levels = [column for column in ("split", "class_name", "subtype", "films") if column in nodes]
    names = [{level: row[level] for level in levels if isinstance(row[level], str)} for row in nodes.to_dict("records")]
    return nodes.assign(faded=[selection.fades(one) for one in names])


@st.cache_data(max_entries=8, show_spinner=False)
def class_counts(digest: str, n_classes: int, _dataset: Dataset, _catalogue: Catalogue) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Images and patients of each class in each split.

    Returns
    -------
    counts : DataFrame
        ``split, label, images, patients``. A patient with two kinds of images counts once in each.
    class_names : tuple of str
    """
    class_names, y = coded(digest, n_classes, _dataset)
    table = pd.DataFrame(
        {"split": _catalogue.table["split"], "label": pd.Categorical.from_codes(y, class_names), "patient": _catalogue.table["patient"]}
    )
    images = table.groupby(["split", "label"], observed=False).size()
    patients = table.drop_duplicates().groupby(["split", "label"], observed=False).size()
    counts = pd.DataFrame({"images": images, "patients": patients}).reset_index().astype({"split": "str", "label": "str"})
    present = counts.groupby("split")["images"].transform("sum") > 0
    return counts[present].reset_index(drop=True), class_names


def stacked(counts: pd.DataFrame, class_names: tuple[str, ...]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The same counts with all but the largest classes folded into one, where there are too many for a bar."""
    if len(class_names) <= MOST_STACKED:
        return counts, class_names
    largest = counts.groupby("label")["images"].sum().sort_values(ascending=False, kind="stable").index[: MOST_STACKED - 1]
    rest = f"{len(class_names) - len(largest)} other classes"
    folded = counts.assign(label=counts["label"].where(counts["label"].isin(largest), rest))
    return folded.groupby(["split", "label"], sort=False, as_index=False).sum(), (*largest, rest)


def counts_text(counts: pd.DataFrame, class_names: tuple[str, ...], beta: float) -> pd.DataFrame:
    """The same table for reading: one row a class, images with shares and patients of each split, and the effective number in train."""
    table = pd.DataFrame({"Class": class_names}).set_index("Class", drop=False)
    for split in [name for name in SPLITS if name in set(counts["split"])]:
        part = counts[counts["split"] == split].set_index("label").reindex(list(class_names))
        total = int(part["images"].sum())
        table[f"{split}: images"] = [share(int(n), total) for n in part["images"]]
        table[f"{split}: patients"] = part["patients"].astype(int)
        if split == "train":
            table["effective n in train"] = effective_number(part["images"].to_numpy(), beta).round(1)
    return table.reset_index(drop=True)


def train_counts(counts: pd.DataFrame, class_names: tuple[str, ...]) -> list[int]:
    """Training images of each class."""
    part = counts[counts["split"] == "train"].set_index("label")["images"]
    return [int(part.get(name, 0)) for name in class_names]


def learnable_counts(counts: pd.DataFrame) -> list[int]:
    """Images of each class outside test, train and validation together, as the audit counts them; without classes that only test has."""
    images = counts[counts["split"] != "test"].groupby("label", sort=False)["images"].sum()
    return [int(n) for n in images if n]


def effective_text(counts: list[int], beta: float = BETA) -> str:
    """``1.3 : 1``: the imbalance by effective number of samples."""
    return imbalance(effective_number(pd.Series(counts, dtype=float).to_numpy(), beta))


def _n_parts(table: pd.DataFrame, levels: list[str]) -> int:
    return len(table[levels].drop_duplicates())


def _level(table: pd.DataFrame, levels: list[str]) -> pd.DataFrame:
    """The parts of one depth; a sub-type of the class's own name, or none, adds no part."""
    known = table[[*levels, "patient"]].dropna()
    if "subtype" in levels:
        known = known[known["subtype"].astype("str") != known["class_name"].astype("str")] if levels[-1] == "subtype" else known
    groups = known.groupby(levels, observed=True)
    images = groups.size().rename("images").reset_index().astype(dict.fromkeys(levels, "str"))
    images["patients"] = known.drop_duplicates().groupby(levels, observed=True).size().to_numpy()
    path = images[levels].apply(_path, axis=1)
    kind = images["subtype"] if "subtype" in levels else images["class_name"] if "class_name" in levels else images["split"]
    parent = path.map(lambda names: "/".join(names[:-1]) or "all")
    return images.assign(id=path.map("/".join), parent=parent, label=images[levels[-1]], depth=len(levels), kind=kind)


def _path(row: pd.Series) -> list[str]:
    """The names from the outside in, without a sub-type that repeats its class."""
    return [name for level, name in row.items() if not (level == "subtype" and name == row["class_name"])]
