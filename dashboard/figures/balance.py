"""How many images of which class lie in which split."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.palette import INK, NEUTRAL, PALE_NEUTRAL, class_colour, style, translucent

ROOT = "all"
SPLIT_TITLES = {"train": "Train", "val": "Validation", "test": "Test"}


def balance_icicle(counts: pd.DataFrame, revision: int = 0) -> go.Figure:
    """Split, class and sub-type as nested areas, each in proportion to its images.

    Parameters
    ----------
    counts : DataFrame
        Columns that name the levels from the outside in (such as ``split, class_name, subtype``), then ``n``. A missing
        sub-type, or one of the class's own name, ends the branch.
    revision : int
        Another number undoes a reader's zoom.

    Returns
    -------
    Figure
        One icicle; the id of a part is its names joined by ``/``, such as ``train/PNEUMONIA/VIRAL``; that of the whole is
        ``all``.
    """
    parts = _parts(counts)
    total = int(counts["n"].sum())
    figure = go.Figure(
        go.Icicle(
            ids=parts["id"],
            labels=parts["label"],
            parents=parts["parent"],
            values=parts["n"],
            branchvalues="total",
            marker={"colors": parts["colour"], "line": {"width": 2, "color": translucent("#ffffff", 0.6)}},
            tiling={"orientation": "v", "pad": 2},
            leaf={"opacity": 1},
            text=[f"{n:,} ({100 * n / whole:.1f} %)" for n, whole in zip(parts["n"], parts["whole"], strict=True)],
            textinfo="label+text",
            textfont={"color": INK, "size": 14},
            hovertemplate="%{id}<br>%{value:,} images, " + f"%{{customdata:.1f}} % of all {total:,}" + "<extra></extra>",
            customdata=100 * parts["n"] / total,
            pathbar={"visible": False},
            sort=False,
            level=ROOT,
            uirevision=revision,
        )
    )
    return style(figure, height=340).update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4}, uniformtext={"minsize": 10, "mode": "hide"})


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
        One trace a class; bars named ``Train, images`` and so on, in percent of the bar.
    """
    long = counts.melt(["split", "label"], ["images", "patients"], "unit", "n")
    long["bar"] = long["split"].map(lambda split: SPLIT_TITLES.get(split, split)) + ", " + long["unit"]
    long["share"] = 100 * long["n"] / long.groupby("bar")["n"].transform("sum").clip(lower=1)
    order = [f"{SPLIT_TITLES[split]}, {unit}" for split in SPLIT_TITLES if split in set(counts["split"]) for unit in ("images", "patients")]
    figure = go.Figure()
    for name in class_names:
        part = long[long["label"] == name].set_index("bar").reindex(order)
        figure.add_bar(
            y=order, x=part["share"], name=name, orientation="h", marker_color=class_colour(name),
            text=[f"{n:,.0f} · {share:.0f} %" for n, share in zip(part["n"], part["share"], strict=True)],
            textposition="inside", insidetextanchor="middle", textangle=0, textfont={"color": INK},
            customdata=part["n"], hovertemplate=f"%{{y}}<br>{name}: %{{customdata:,}} (%{{x:.1f}} %)<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.25, uniformtext={"minsize": 10, "mode": "hide"})
    figure.update_xaxes(title="Share of the bar (%)", range=[0, 100], showgrid=False)
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=340).update_layout(legend_traceorder="normal")


def _parts(counts: pd.DataFrame) -> pd.DataFrame:
    """One row for every node of the tree: ``id, label, parent, n, whole, colour``; `whole` is the parent's count."""
    levels = [column for column in counts.columns if column != "n"]
    total = int(counts["n"].sum())
    rows = [(ROOT, "All images", "", total, PALE_NEUTRAL)]
    for depth in range(1, len(levels) + 1):
        for names, n in counts.groupby(levels[:depth], sort=False)["n"].sum().items():
            names = names if isinstance(names, tuple) else (names,)
            if depth > 1 and names[-1] == names[-2]:
                continue
            label = SPLIT_TITLES.get(names[-1], names[-1]) if depth == 1 else names[-1]
            rows.append(("/".join(names), label, "/".join(names[:-1]) or ROOT, int(n), NEUTRAL if depth == 1 else class_colour(names[-1])))
    parts = pd.DataFrame(rows, columns=["id", "label", "parent", "n", "colour"])
    whole = parts.set_index("id")["n"].to_dict() | {"": total}
    return parts.assign(whole=parts["parent"].map(whole))
