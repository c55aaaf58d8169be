"""The groups one by one, one way of looking at a time: their films, the shares with intervals and the mix, or a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from core.counted import counted
from core.datasets import Dataset
from core.figures.palette import class_colours
from core.groups import assignment, group_table
from core.groups.statistics.headline import share_text
from core.metrics.statistics.intervals import interval_text, wilson
from core.text import as_csv
from dashboard.components.after_paint import painted
from dashboard.components.data.balance.chart import SPLIT_TITLES
from dashboard.components.data.freshness import redraw_if_changed
from dashboard.components.data.groups.films import show_films
from dashboard.components.query_params import preset
from dashboard.components.stacked_table import show_stacked
from dashboard.figures.groups import groups_figure

if TYPE_CHECKING:
    from dashboard.components.data.groups.section import Shown

FILMS, SHARES, TABLE = "Films", "Shares and mix", "Table"
LOOKS = (FILMS, SHARES, TABLE)
STILL = {"displayModeBar": False}


@st.fragment
def show_looks(dataset: Dataset, shown: Shown, chosen: int | None) -> None:
    """The choice of a way of looking, the downloads, and what was chosen; another way redraws it alone."""
    redraw_if_changed(dataset)
    preset("data_groups_look", LOOKS, FILMS)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        look = st.segmented_control("Group by group", LOOKS, key="data_groups_look", required=True, bind="query-params")
        _downloads(dataset, shown)
    if look == FILMS:
        show_films(dataset, shown.summary, shown.titles, _holds(shown.counts), chosen)
    else:
        name = _class(shown)
        shares = shares_of(shown.counts, shown.worst_first, name)
        {SHARES: _chart, TABLE: _table}[look](shown, shares, name)


def shares_of(counts: pd.DataFrame, order: list[int], name: str) -> pd.DataFrame:
    """The share of a class in each group and split with Wilson's interval, and the group's part of the images of the split.

    Returns
    -------
    DataFrame
        ``group, place, split, n, n_group, share, low, high, mix``; only where a group has images in the split.
    """
    total = counts.groupby(["group", "split"], sort=False)["n"].sum().rename("n_group").reset_index()
    part = counts[counts["class_name"] == name].merge(total, on=["group", "split"])
    part["mix"] = part["n_group"] / part.groupby("split")["n_group"].transform("sum").clip(lower=1)
    part = part[part["n_group"] > 0].reset_index(drop=True)
    found = pd.DataFrame(
        [wilson(n, whole) for n, whole in zip(part["n"], part["n_group"], strict=True)], columns=["value", "low", "high", "n_samples"]
    )
    place = {group: number for number, group in enumerate(order)}
    return part.assign(share=found["value"], low=found["low"], high=found["high"], place=part["group"].map(place))


def _class(shown: Shown) -> str:
    """The class whose share is shown: the first of two, else as chosen."""
    names = list(dict.fromkeys(shown.counts["class_name"]))
    if len(names) < 3:
        return names[0]
    preset("data_groups_class", names, names[0])
    return st.selectbox("Share of the class", names, key="data_groups_class", width=260, bind="query-params")


def _chart(shown: Shown, shares: pd.DataFrame, name: str) -> None:
    if not painted("the shares"):
        return
    labels = [shown.names.get(group, shown.grouping.labels[group]) for group in shown.worst_first]
    figure = groups_figure(shares, labels, name, class_colours(list(dict.fromkeys(shown.counts["class_name"])))[name])
    st.plotly_chart(
        figure, key="data_groups_chart", config=STILL, alt=f"Share of {name} in each group, and each group's part of all images"
    )
    st.caption("Bars: Wilson's 95 % interval. Right: how the mix of groups moves from train to test, which needs no label.")


def _table(shown: Shown, shares: pd.DataFrame, name: str) -> None:
    """One row a group, its share of the class in each split with interval and number."""
    rows = []
    for place, group in enumerate(shown.worst_first):
        part = shares[shares["place"] == place].set_index("split")
        texts = {f"{name}, {SPLIT_TITLES[split].lower()}": _text(part, split) for split in dict.fromkeys(shown.counts["split"])}
        rows.append({"Group": shown.titles[group], "Images": f"{(shown.grouping.codes == group).sum():,}"} | texts)
    show_stacked(pd.DataFrame(rows), f"Share of {name} in each group, by split")
    said = "Share of the class in the group, in brackets Wilson's 95 % interval; n: images of the group in the split."
    st.caption(f"{said} Of fewer than ten images, how many.")


def _text(part: pd.DataFrame, split: str) -> str:
    if split not in part.index:
        return "–"
    row = part.loc[split]
    interval = interval_text(100 * row["low"], 100 * row["high"], ".1f")
    share = share_text(row["n"], row["n_group"])
    return f"{share} ({interval}), n = {row['n_group']:,}" if share.endswith("%") else share


def _holds(counts: pd.DataFrame) -> dict[int, str]:
    """``1,203 images; train 0.2 % NORMAL, test 3.3 %``: the first of two classes, the commonest of more."""
    names, said = list(dict.fromkeys(counts["class_name"])), {}
    for group, part in counts.groupby("group"):
        by_class = part.groupby("class_name", sort=False)["n"].sum()
        name = names[0] if len(names) < 3 else str(by_class.idxmax())
        pairs = part[part["class_name"] == name].set_index("split")["n"], part.groupby("split", sort=False)["n"].sum()
        shares = [
            f"{SPLIT_TITLES[split].lower()} {share_text(pairs[0][split], n)}".replace(" %", "\u00a0%") for split, n in pairs[1].items() if n
        ]
        said[int(group)] = f"{counted(int(part['n'].sum()), 'image')}; {name}: {', '.join(shares)}"
    return said


def _downloads(dataset: Dataset, shown: Shown) -> None:
    with st.popover("Download", icon=":material/download:", key="data_groups_download"):
        for label, name, write in (
            ("The group of each image (CSV)", "groups.csv", lambda: assignment(dataset, shown.grouping, shown.names)),
            ("What each group holds (CSV)", "group-table.csv",
             lambda: group_table(shown.counts, shown.grouping, shown.summary, shown.names)),
        ):  # fmt: skip
            st.download_button(label, lambda write=write: as_csv(write()), name, "text/csv", key=f"data_download_{name}",
                               on_click="ignore", type="tertiary")  # fmt: skip
