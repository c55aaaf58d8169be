"""Group × split × class as rows of cells to click, the worst group first: each says its share and shows it as a bar."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.counted import counted
from core.figures.palette import NEUTRAL, class_colours
from core.groups.statistics.headline import share_text
from core.groups.statistics.tie import FEWEST_IMAGES
from core.metrics.statistics.intervals import interval_text, wilson
from dashboard.components.data.balance.chart import SPLIT_TITLES
from dashboard.components.data.image_filter import ALL

FIRST, GAP = 13.0, 1.0  # percent of the width: the cell of the whole group, and what parts the splits
MOST_CLASSES = 6


def cell_rows(
    counts: pd.DataFrame, order: Sequence[int], titles: Sequence[str], labels: Sequence[str], chosen: Sequence[str]
) -> list[dict]:
    """A row for all images, then one for each group.

    Parameters
    ----------
    counts : DataFrame
        Of `core.groups.counted`.
    order : sequence of int
        Positions of the groups, the first on top.
    titles, labels : sequence of str
        By position: what stands above the row of a group, and what the filter calls it.
    chosen : sequence of str
        Split, class and group that the filter shows; cells that it leaves out are faded.

    Returns
    -------
    list of dict
        For `dashboard.components.data.balance.chart.show_boxes`; each box picks a split, a class and a group.
    """
    classes = shown_classes(counts)
    everywhere = counts.groupby(["split", "class_name"], sort=False)["n"].sum()
    total = int(everywhere.sum())
    rows = [_row(f"All images: {total:,}", ALL, everywhere, total, classes, chosen) | {"head": _head(counts, classes)}]
    for group in order:
        part = counts[counts["group"] == group].set_index(["split", "class_name"])["n"]
        rows.append(_row(f"{titles[group]}: {counted(int(part.sum()), 'image')}", labels[group], part, total, classes, chosen))
    return rows


def shown_classes(counts: pd.DataFrame) -> list[str]:
    """The classes that have cells, in their order; of very many, those of most images."""
    sizes = counts.groupby("class_name", sort=False)["n"].sum()
    largest = set(sizes.sort_values(ascending=False, kind="stable").index[:MOST_CLASSES])
    return [name for name in sizes.index if name in largest]


def _row(title: str, group: str, part: pd.Series, total: int, classes: list[str], chosen: Sequence[str]) -> dict:
    """The cell of all images of a group, then those of each split and class."""
    splits = list(dict.fromkeys(part.index.get_level_values("split")))
    colours, n = class_colours(classes), int(part.sum())
    words = {
        "label": "All",
        "number": f"{n:,}",
        "share": f"{100 * n / max(total, 1):.0f}\u00a0%",
        "said": f"{title}. Click to see them all.",
    }
    boxes = [_place(0, FIRST - GAP, NEUTRAL, (ALL, ALL, group), chosen) | words]
    width = (100 - FIRST) / len(splits)
    for place, split in enumerate(splits):
        for number, name in enumerate(classes):
            step = (width - GAP) / len(classes)
            box = _place(FIRST + place * width + number * step, step, colours[name], (split, name, group), chosen)
            boxes.append(box | _words(title, split, name, int(part[split, name]), int(part[split].sum())))
    return {"title": title, "n_levels": 1, "boxes": boxes}


def _place(left: float, width: float, colour: str, picks: tuple[str, str, str], chosen: Sequence[str]) -> dict:
    faded = any(ALL not in pair and pair[0] != pair[1] for pair in zip(picks, chosen, strict=True))
    return {"left": left, "width": width, "level": 0, "levels": 1, "colour": colour, "picks": picks, "faded": faded, "fill": 100}


def _words(title: str, split: str, name: str, n: int, whole: int) -> dict:
    number, part = share_text(n, whole).replace(" ", "\u00a0"), f"{n:,}"
    said = f"{title.rpartition(':')[0]}, {SPLIT_TITLES[split]}: {name} {n:,} of {whole:,}"
    if 0 < whole < FEWEST_IMAGES:
        number, part = f"{n:,}", f"of\u00a0{whole:,}"
    elif whole:
        one = wilson(n, whole)
        said += f", {number} (95 % interval {interval_text(100 * one.low, 100 * one.high, '.1f')} %)"
    return {"label": name, "number": number, "share": part, "said": said, "fill": round(100 * n / whole, 2) if whole else 0}


def _head(counts: pd.DataFrame, classes: list[str]) -> list[dict]:
    splits = list(dict.fromkeys(counts["split"]))
    width = (100 - FIRST) / len(splits)
    return [{"label": SPLIT_TITLES[split], "left": FIRST + place * width, "width": width - GAP} for place, split in enumerate(splits)]
