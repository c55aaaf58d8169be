"""How many images and patients of which class lie in which split."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.labels import short
from dashboard.figures.palette import INK, NEUTRAL, PALE_NEUTRAL, class_colours, style, translucent

ROOT = "all"
SPLIT_TITLES = {"train": "Train", "val": "Validation", "test": "Test"}
FADED = 0.25
CROWD = 80
OTHERS = "other classes"


def balance_icicle(nodes: pd.DataFrame, revision: int = 0) -> go.Figure:
    """Split, class, sub-type and films of a patient as nested areas, each in proportion to its images.

    Parameters
    ----------
    nodes : DataFrame
        One row a part: ``id`` (its names joined by ``/``), ``parent`` (the id of the part around it, ``all`` at the top), ``label``,
        ``depth`` (1 for splits), ``kind`` (the class or sub-type that gives the colour), ``images``, ``patients``, ``faded``.
    revision : int
        Another number undoes a reader's zoom.

    Returns
    -------
    Figure
        One icicle; the id of the whole is ``all``.
    """
    top = nodes[nodes["depth"] == 1]
    total, patients = int(top["images"].sum()), int(top["patients"].sum())
    whole = nodes.set_index("id")["images"].to_dict() | {ROOT: total}
    crowded = len(nodes) > CROWD  # gaps would be wider than the parts
    figure = go.Figure(
        go.Icicle(
            ids=[ROOT, *nodes["id"]],
            labels=["All images", *(SPLIT_TITLES.get(label, short(label)) for label in nodes["label"])],
            parents=["", *nodes["parent"]],
            values=[total, *nodes["images"]],
            branchvalues="total",
            marker={"colors": _colours(nodes), "line": {"width": 0 if crowded else 1, "color": translucent("#ffffff", 0.6)}},
            tiling={"orientation": "v", "pad": 0 if crowded else 2},
            leaf={"opacity": 1},
            text=[f"{total:,}", *(_share(n, whole[parent]) for n, parent in zip(nodes["images"], nodes["parent"], strict=True))],
            textinfo="label+text",
            textfont={"color": INK, "size": 14},
            customdata=[(100.0, patients), *zip(100 * nodes["images"] / max(total, 1), nodes["patients"], strict=True)],
            hovertemplate="%{id}<br>%{value:,} images (%{customdata[0]:.1f} % of all)<br>%{customdata[1]:,} patients<extra></extra>",
            pathbar={"visible": False},
            sort=False,
            level=ROOT,
            uirevision=revision,
        )
    )
    return style(figure, height=380).update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4}, uniformtext={"minsize": 10, "mode": "hide"})


def balance_bars(counts: pd.DataFrame, class_names: tuple[str, ...]) -> go.Figure:
    """The share of each class in each split, once by images and once by patients.

    Parameters
    ----------
    counts : DataFrame
        ``split, label, images, patients``, one row for each split and class.
    class_names : tuple of str
        Order of the stacks.

    Returns
    -------
    Figure
        One trace a class; bars named ``Train, images`` and so on, in percent of the bar; the split and the class stand in the custom data.
    """
    long = counts.melt(["split", "label"], ["images", "patients"], "unit", "n")
    long["bar"] = long["split"].map(lambda split: SPLIT_TITLES.get(split, split)) + ", " + long["unit"]
    long["share"] = 100 * long["n"] / long.groupby("bar")["n"].transform("sum").clip(lower=1)
    order = [f"{SPLIT_TITLES[split]}, {unit}" for split in SPLIT_TITLES if split in set(counts["split"]) for unit in ("images", "patients")]
    figure, colours = go.Figure(), class_colours(class_names)
    for name in class_names:
        part = long[long["label"] == name].set_index("bar").reindex(order)
        figure.add_bar(
            y=order, x=part["share"], name=short(name), orientation="h", marker_color=NEUTRAL if name.endswith(OTHERS) else colours[name],
            text=[f"{n:,.0f} · {share:.0f} %" for n, share in zip(part["n"], part["share"], strict=True)],
            textposition="inside", insidetextanchor="middle", textangle=0, textfont={"color": INK},
            customdata=list(zip(part["split"], part["label"], part["n"], strict=True)),
            hovertemplate=f"%{{y}}<br>{short(name, 60)}: %{{customdata[2]:,}} (%{{x:.1f}} %)<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.25, uniformtext={"minsize": 10, "mode": "hide"})
    figure.update_xaxes(title="Share of the bar (%)", range=[0, 100], showgrid=False)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=380).update_layout(legend_traceorder="normal")


def _share(n: int, whole: int) -> str:
    return f"{n:,} ({100 * n / max(whole, 1):.1f} %)"


def _colours(nodes: pd.DataFrame) -> list[str]:
    """Neutral splits, classes in their own colour, paler by the level below; what a filter leaves out is faded."""
    colours = class_colours(list(dict.fromkeys(nodes.loc[nodes["depth"] > 1, "kind"])))
    full = [NEUTRAL if depth == 1 else colours[kind] for depth, kind in zip(nodes["depth"], nodes["kind"], strict=True)]
    return [PALE_NEUTRAL, *(translucent(c, FADED) if faded else c for c, faded in zip(full, nodes["faded"], strict=True))]
