"""The balance as boxes to click, nested areas and stacked bars, drawn in HTML: a chart library would take a second to load for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from core.figures.palette import INK, NEUTRAL, PALE_NEUTRAL, class_colours
from dashboard.components.data.image_filter import ALL
from dashboard.components.formats import share

ROOT = "all"
SPLIT_TITLES = {"train": "Train", "val": "Validation", "test": "Test"}
UNITS = ("images", "patients")
HERE = Path(__file__)

_boxes = st.components.v2.component(
    "pneumolens_boxes",
    css=HERE.with_suffix(".css").read_text("utf-8"),
    js=HERE.with_suffix(".js").read_text("utf-8"),
    isolate_styles=False,
)


def show_boxes(rows: list[dict], title: str, hint: str, chosen: Sequence[str], pick: Callable[..., None], key: str) -> None:
    """Draw rows of boxes; a click on one filters the page by it.

    Parameters
    ----------
    rows : list of dict
        Of `areas` or `bars`, or of `dashboard.components.data.groups.cells`.
    title : str
        What a screen reader calls them.
    hint : str
        Stands below them until one is pointed at.
    chosen : sequence of str
        The ``picks`` of the box that the filter shows now.
    pick : callable
        Is given the ``picks`` of the box that is clicked.
    key : str
    """
    data = {"rows": rows, "title": title, "hint": hint, "ink": INK, "chosen": list(chosen)}
    _boxes(key=key, data=data, on_picked_change=lambda: pick(*st.session_state[key]["picked"]))


def areas(nodes: pd.DataFrame) -> list[dict]:
    """Split, class, sub-type and films of a patient as nested areas, each as wide as its share of the images, below what holds it.

    Parameters
    ----------
    nodes : DataFrame
        One row a part: ``id, parent, label, depth`` (1 for splits), ``kind`` (the class or sub-type), ``images``, ``patients``, ``faded``,
        and ``films`` where the parts go so deep.
    """
    top, n_levels = nodes[nodes["depth"] == 1], int(nodes["depth"].max()) + 1
    total, patients = int(top["images"].sum()), int(top["patients"].sum())
    colours = class_colours(list(dict.fromkeys(nodes.loc[nodes["depth"] > 1, "kind"])))
    next_level = nodes.groupby("parent")["depth"].min()
    images, free = {ROOT: total}, {ROOT: 0}  # of each part: how many, and where the next part in it begins
    boxes = [_box("All images", total, total, 0, total, PALE_NEUTRAL, (ALL, ALL, ALL), f"All: {total:,} images, {patients:,} patients")]
    for node in nodes.sort_values("depth", kind="stable").to_dict("records"):
        id_, parent, depth, n = node["id"], node["parent"], node["depth"], int(node["images"])
        start = free[parent]
        free[parent], free[id_], images[id_] = start + n, start, n
        colour = NEUTRAL if depth == 1 else colours[node["kind"]]
        said = f"{id_.replace('/', ' / ')}: {share(n, total)} of all images, {node['patients']:,} patients"
        box = _box(SPLIT_TITLES.get(node["label"], node["label"]), n, images[parent], start, total, colour, _names(node), said)
        boxes.append(box | {"level": depth, "levels": int(next_level.get(id_, depth + 1)) - depth, "faded": bool(node["faded"])})
    return [{"title": "", "n_levels": n_levels, "boxes": boxes}]


def bars(counts: pd.DataFrame, class_names: tuple[str, ...]) -> list[dict]:
    """The share of each class in each split, a bar by images and a bar by patients.

    Parameters
    ----------
    counts : DataFrame
        ``split, label, images, patients``, one row for each split and class.
    class_names : tuple of str
        Order of the parts of a bar.
    """
    colours, rows = class_colours(class_names), []
    for split in [name for name in SPLIT_TITLES if name in set(counts["split"])]:
        part = counts[counts["split"] == split].set_index("label").reindex(list(class_names))
        for unit in UNITS:
            title, starts, total = f"{SPLIT_TITLES[split]}, {unit}", part[unit].cumsum() - part[unit], int(part[unit].sum())
            boxes = [
                _box(name, int(n), total, int(start), total, colours[name], (split, name, ALL), f"{title}, {name}: {share(int(n), total)}")
                for name, n, start in zip(class_names, part[unit], starts, strict=True)
            ]
            rows.append({"title": title, "n_levels": 1, "boxes": boxes})
    return rows


def _box(label: str, n: int, whole: int, start: int, total: int, colour: str, picks: tuple[str, ...], said: str) -> dict:
    """A box of `n` in `whole`, placed on an axis of `total`."""
    place = {"left": 100 * start / max(total, 1), "width": 100 * n / max(total, 1), "level": 0, "levels": 1}
    words = {"label": label, "number": f"{n:,}", "share": f"{100 * n / max(whole, 1):.1f}\u00a0%", "said": said}
    return place | words | {"colour": colour, "picks": picks, "faded": False}


def _names(node: dict) -> tuple[str, str, str]:
    """The split, the class and the films that a part stands for."""
    films = node.get("films")
    return node["id"].split("/")[0], node["kind"] if node["depth"] > 1 else ALL, films if isinstance(films, str) else ALL
