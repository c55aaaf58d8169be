"""Hidden groups on the Data page: what they hold, how far they give the class away, their films, and a filter by a click."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.counted import counted as number_of
from core.datasets import Dataset
from core.groups import Grouping, Summary, counted, headline, names_of, with_names
from dashboard.components.data.balance.chart import show_boxes
from dashboard.components.data.catalogue import Catalogue, coded
from dashboard.components.data.groups.cells import MOST_CLASSES, cell_rows
from dashboard.components.data.groups.in_use import BY, NUMBER, NUMBERS, InUse, groups_in_use, summary_of, titles
from dashboard.components.data.groups.looks import show_looks
from dashboard.components.data.groups.making import make
from dashboard.components.data.groups.naming import name_groups
from dashboard.components.data.groups.numbers import show_tie
from dashboard.components.data.image_filter import ALL, Selection, pick_cell
from dashboard.components.markdown import plain

HELP_BY = "Images of a group look alike, or share a fact of the file, or a value of a column of your table. The classes play no part in it."
HELP_NUMBER = (
    "Automatic: of 4 to 12 groups, the number that comes back best when other patients are grouped; of numbers, five bins of equally "
    "many images; of words, one for each. Else 2 to 20."
)


@dataclass(frozen=True, eq=False)
class Shown:
    """What the section shows.

    Attributes
    ----------
    grouping : Grouping
    summary : Summary
    counts : DataFrame
        Of `core.groups.counted`, by the splits and classes of this page.
    names : dict of int to str
        What the user called groups, by position.
    titles : list of str
        Of the groups, by position: the user's name before what sets a group apart.
    """

    grouping: Grouping
    summary: Summary
    counts: pd.DataFrame
    names: dict[int, str]
    titles: list[str]

    @property
    def worst_first(self) -> list[int]:
        """Positions of the groups."""
        return self.summary.worst_first


def show_groups(dataset: Dataset, catalogue: Catalogue, chosen: Selection, n_classes: int) -> None:
    """The headline, what to group by, the cells to click, the numbers, and the groups one by one."""
    if dataset.samples.empty:
        st.info("There are no images to group.")
        return
    top, used = st.container(), groups_in_use(dataset)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        options = list(titles(dataset))
        st.selectbox("Group by", options, key=BY, width=330, bind="query-params", on_change=_other_groups, help=HELP_BY)
        st.selectbox("Groups", NUMBERS, key=NUMBER, width=130, bind="query-params", on_change=_other_groups, help=HELP_NUMBER)
        form = st.container(width="content")
    if used.grouping is None:
        _without(dataset, used)
        return
    shown = _shown(dataset, used, catalogue, n_classes)
    with form:
        name_groups(dataset, shown.grouping, list(shown.summary.names), _place(shown, chosen))
    top.markdown(f"**{plain(headline(shown.counts, shown.grouping, shown.summary.cramers_v, shown.names))}**")
    st.caption(plain(" ".join([shown.grouping.made_from, *shown.summary.notes])))
    _cells(shown, chosen)
    show_tie(shown.summary, dataset.class_names)
    show_looks(dataset, shown, _chosen_group(shown, chosen))


def _without(dataset: Dataset, used: InUse) -> None:
    if used.reason:
        st.info(plain(used.reason))
    else:
        make(dataset, used)


def _shown(dataset: Dataset, used: InUse, catalogue: Catalogue, n_classes: int) -> Shown:
    summary, names = summary_of(dataset, used), names_of(dataset, used.grouping)
    class_names, y = coded(dataset.digest, n_classes, dataset)
    classes = pd.Series(pd.Categorical.from_codes(y, class_names))
    counts = counted(used.grouping.codes, catalogue.table["split"], classes, class_names, used.grouping.k)
    return Shown(used.grouping, summary, counts, names, list(with_names(summary.names, names)))


def _cells(shown: Shown, chosen: Selection) -> None:
    n = shown.counts["class_name"].nunique()
    order = "The groups that tell most of the class come first. " if shown.summary.pull.any() else ""
    hint = f"{order}Click a cell to see its images above."
    if n > MOST_CLASSES:
        hint += f" The {MOST_CLASSES} largest of {n} classes have cells; the table holds all."
    rows = cell_rows(shown.counts, shown.worst_first, shown.titles, shown.grouping.labels, chosen.cell)
    show_boxes(rows, "Share of each class in each group, by split", hint, chosen.cell, pick_cell, key="data_group_cells")
    if chosen.group != ALL:
        st.markdown(f"[See {number_of(len(chosen.positions), 'image')} of {plain(chosen.group)} above](#images)")


def _chosen_group(shown: Shown, chosen: Selection) -> int | None:
    return shown.grouping.labels.index(chosen.group) if chosen.group in shown.grouping.labels else None


def _place(shown: Shown, chosen: Selection) -> int:
    """The group that a name is offered for first: the one that the filter shows, else the worst."""
    group = _chosen_group(shown, chosen)
    return shown.worst_first[0] if group is None else group


def _other_groups() -> None:
    """Groups of another kind or number are other groups, though they may be called alike: the filter lets go of the one it had."""
    st.session_state["data_group"] = ALL
