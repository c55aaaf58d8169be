"""One filter for the whole page, kept in the link: set by a click on the balance, by widgets, or by a finding of the audit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from core.datasets import Dataset
from dashboard.components.data.audit.findings import NAMING, concerned
from dashboard.components.data.catalogue import FILMS, SPLITS, Catalogue
from dashboard.components.data.groups.in_use import groups_in_use
from dashboard.components.data.image_map.area import AREA, draw, in_area
from dashboard.components.data.label_errors.filter import TAG, choose_tagged
from dashboard.components.markdown import plain
from dashboard.components.query_params import linked_text, preset

ALL = "all"
TITLES = {  # by the key of each part of the filter, in the order in which a click on "Clear" lets go of them
    "data_split": "Split",
    "data_class": "Class",
    "data_films": "Images of the patient",
    "data_finding": "Found by the audit",
    "data_group": "Group",
    TAG: "Label reviewed as",
    "data_name": "Name",
}
KEYS = tuple(TITLES)


@dataclass(frozen=True)
class Selection:
    """What the page shows.

    Attributes
    ----------
    split, class_name, films, group : str
        ``all`` where nothing is chosen; a class or a sub-type.
    positions : ndarray of int
        The samples that pass, in the order in which they are shown.
    """

    split: str
    class_name: str
    films: str
    group: str
    positions: np.ndarray

    @property
    def part(self) -> tuple[str, str, str]:
        """Split, class and films: what a part of the balance stands for."""
        return self.split, self.class_name, self.films

    @property
    def cell(self) -> tuple[str, str, str]:
        """Split, class and group: what a cell of the groups stands for."""
        return self.split, self.class_name, self.group

    def fades(self, names: dict[str, str]) -> bool:
        """Whether the filter leaves out a part of the balance, given its names by level."""
        kinds = {names[level] for level in ("class_name", "subtype") if level in names}
        return (
            names.get("split", self.split) != self.split != ALL
            or names.get("films", self.films) != self.films != ALL
            or bool(kinds and self.class_name != ALL and self.class_name not in kinds and not _may_hold(self.class_name, names))
        )


def choose(dataset: Dataset, catalogue: Catalogue) -> Selection:
    """Draw the filter and apply it; its widgets are there once it is asked for, or while it leaves something out."""
    in_use = {key: value for key in KEYS if (value := st.session_state.get(key, st.query_params.get(key, ALL))) not in (ALL, "")}
    if (in_use or linked_text(AREA)) and not st.session_state.get("data_filter"):
        st.session_state["data_filter"] = True
        for key, value in in_use.items():
            st.query_params[key] = value  # a widget that a click brings onto the page does not put its value into the link
    box = st.expander(
        "Filter by split, class, patient, finding, group or name", key="data_filter", on_change="rerun", icon=":material/filter_alt:"
    )
    if not box.open:
        return Selection(ALL, ALL, ALL, ALL, catalogue.order)
    with box:
        return _filtered(dataset, catalogue)


def _filtered(dataset: Dataset, catalogue: Catalogue) -> Selection:
    table = catalogue.table
    classes = list(dict.fromkeys([*table["class_name"].cat.categories, *table["subtype"].cat.categories]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = _choice("Split", "data_split", [s for s in SPLITS if (table["split"] == s).any()], 130)
        class_name = _choice("Class", "data_class", classes, 170)
        films = _choice("Images of the patient", "data_films", [f for f in FILMS if (table["films"] == f).any()], 170)
        finding = _choice("Found by the audit", "data_finding", list(NAMING.values()), 210, NAMING)
        grouping = groups_in_use(dataset).grouping
        labels = grouping.labels if grouping else ()
        group = _choice("Group", "data_group", labels, 170, dict(zip(grouping.ids, labels, strict=True)) if grouping else None)
        tagged = choose_tagged(dataset, _choice)
        name = st.text_input("Name", key="data_name", placeholder="such as person12", width=190, bind="query-params")
        area = in_area(dataset)
        st.button("Clear", icon=":material/filter_alt_off:", on_click=clear, type="tertiary", key="data_clear")
    passes = np.ones(len(table), dtype=bool)
    for level, chosen in (("split", split), ("films", films)):
        if chosen != ALL:
            passes &= (table[level] == chosen).to_numpy()
    if class_name != ALL:
        passes &= (table["class_name"] == class_name).to_numpy() | (table["subtype"] == class_name).to_numpy()
    if grouping and group != ALL:
        passes &= grouping.codes == labels.index(group)
    if name.strip():
        passes &= dataset.samples["sample_id"].str.contains(name.strip(), case=False, regex=False).to_numpy(dtype=bool)
    for mask in (tagged, area):
        passes &= True if mask is None else mask
    order = catalogue.order if finding == ALL else concerned(dataset, next(check for check, title in NAMING.items() if title == finding))
    return Selection(split, class_name, films, group, order[passes[order]])


def pick(split: str, class_name: str, films: str) -> None:
    """Set the filter to a part of the balance; a part that is chosen already is let go."""
    _set({"data_split": split, "data_class": class_name, "data_films": films})


def pick_cell(split: str, class_name: str, group: str) -> None:
    """Set the filter to a cell of the groups; a cell that is chosen already is let go."""
    _set({"data_split": split, "data_class": class_name, "data_group": group})


def show_only(**values: str) -> None:
    """Set the filter to just these values, by key; all else is let go."""
    clear()
    st.session_state.update(values)


def show_chips() -> None:
    """What the filter says, a button for each part that lets go of it; nothing while it shows everything."""
    values = {key: st.session_state.get(key, ALL) for key in KEYS}
    held = [(key, _said(TITLES[key], value)) for key, value in values.items() if value not in (ALL, "")]
    if not held:
        return
    with st.container(horizontal=True, key="data_chips"):
        for key, words in held:
            said = f"Remove the filter {words}"[:200]
            st.button(plain(words[:60]), icon=":material/close:", key=f"chip_{key}", on_click=_let_go, args=(key,), help=plain(said))


def clear() -> None:
    """Let go of the whole filter."""
    for key in KEYS:
        _let_go(key)
    draw(None)


def _said(title: str, value: str) -> str:
    """``Split: test``; ``Group 4`` by itself."""
    return value if value.startswith(title) else f"{title}: {value}"


def _let_go(key: str) -> None:
    st.session_state[key] = "" if key == "data_name" else ALL


def _set(values: dict[str, str]) -> None:
    if all(st.session_state.get(key, ALL) == value for key, value in values.items()):
        values = dict.fromkeys(values, ALL)
    st.session_state.update(values)


def _choice(title: str, key: str, options: list[str], width: int, aliases: dict[str, str] | None = None) -> str:
    """A select box; nothing where there is nothing to choose between."""
    if len(options) < 2:
        return ALL
    preset(key, [ALL, *options], ALL, aliases)
    return st.selectbox(title, [ALL, *options], key=key, width=width, bind="query-params")


def _may_hold(class_name: str, names: dict[str, str]) -> bool:
    """A class holds its sub-types: ``PNEUMONIA`` is not left out by a filter for ``VIRAL``."""
    return "subtype" not in names and "films" not in names and class_name in ("BACTERIAL", "VIRAL") and names["class_name"] == "PNEUMONIA"


def describe(selection: Selection, table: pd.DataFrame) -> str:
    """``1,341 of 5,840 images``."""
    return f"{len(selection.positions):,} of {len(table):,} images"
