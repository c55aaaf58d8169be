"""The command about hidden groups: groups."""

from __future__ import annotations

import time
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.options import names_columns
from core.cli.output import progress_bar, reports, say_notes
from core.cli.paths import ANY, FILE
from core.cli.tables import table_lines
from core.counted import counted
from core.files import replacing
from core.groups.statistics.tie import FEWEST_IMAGES
from core.metrics.statistics.intervals import Estimate, in_figures, with_interval
from core.text import as_csv, one_line

if TYPE_CHECKING:
    from core.datasets.tables.columns import Naming
    from core.groups import Grouping
    from core.groups.statistics.summary import Summary

TOGETHER = "Train holds the images that a training will hold out for validation, a fifth of its patients; the Data page counts those apart."
MOST_SAID = 2  # sentences on a group without --json


def _text(answer: dict) -> str:
    """The groups in a table, worst first, then what sets each apart and how far they are tied to the class."""
    import pandas as pd

    order = ", those that give their class away most first" if any(group["pull"] for group in answer["groups"]) else ""
    head = f"{answer['title']}: {counted(answer['k'], 'group')}{order}."
    rows = table_lines(pd.DataFrame([_row(group) for group in answer["groups"]]).fillna("–"))
    apart = [f"{group['name']}. {' '.join(group['apart'][:MOST_SAID])}" for group in answer["groups"]]
    said = [answer["headline"], "", head, answer["made_from"], *answer["notes"]]
    return "\n".join([*map(one_line, said), "", *rows, "", *map(one_line, apart), "", *_numbers(answer), f"{answer['seconds']:.1f} s"])


def _numbers(answer: dict) -> list[str]:
    """The numbers on the groups as a whole that are defined."""
    parts = {name: Estimate(**part) for name, part in answer["intervals"].items()} | {
        "shift": Estimate(answer["shift"]["distance"], 0, 0, 0)
    }
    chance = f"; chance alone, up to {in_figures(answer['shift']['by_chance'])}"
    said = {
        "cramers_v": "Cramér's V of group and class, bias-corrected: {}, n = {:,}",
        "cramers_v_test": "The same on test: {}, n = {:,}",
        "auc": "AUC of the group alone for the class of unseen patients: {}, n = {:,}; below 0.5 is chance too",
        "shift": "Share of test images that would have to change group for the mix of train: {}" + chance,
    }
    texts = {name: in_figures(part.value) if name == "shift" else with_interval(part) for name, part in parts.items()}
    return [form.format(texts[name], parts[name].n_samples) for name, form in said.items() if isfinite(parts[name].value)]


def _row(group: dict) -> dict:
    """``84 % NORMAL of 806`` by split, of fewer than ten ``5 NORMAL of 6``: the first of two classes, the commonest of more."""
    row = {"id": group["id"], "group": group["name"], "images": group["n"]}
    together = "val" not in group["counts"]
    for split, share in group["shares"].items():
        name, n = next(iter(share)) if len(share) <= 2 else max(share, key=share.get), sum(group["counts"][split].values())
        rate = f"{100 * share[name]:.1f} %" if n >= FEWEST_IMAGES else f"{group['counts'][split][name]:,}"
        row["train, validation included" if split == "train" and together else split] = f"{rate} {name} of {n:,}"
    return row


@click.command()
@click.argument("data", type=ANY)
@click.option(
    "--by", default="appearance", show_default=True, help="appearance, a fact such as series or brightness, or a column of a table."
)
@click.option("--k", type=int, help="How many groups, 2 to 20 (default: as many as come back best among other patients, or five bins).")
@click.option("--csv", "csv", type=FILE, help="Also write which group each image is in to this file.")
@partial(reports, readable=_text)
@names_columns
def groups(data: str, by: str, k: int | None, csv: Path | None, naming: Naming) -> dict:
    """Group the images of DATA by what they look like or by a fact, and say how far that alone gives their class away.

    DATA is a folder of class folders, a PneumoniaMNIST .npz or a table of images. Where it has no validation images of its own, train
    is counted with those that a training will hold out; the Data page counts them apart.
    """
    from core.datasets import open_dataset
    from core.groups import assignment, names_of, open_groups, summarise

    began = time.monotonic()
    dataset = open_dataset(data, progress_bar("indexing"), naming=naming)
    say_notes(dataset.notes)
    grouping = open_groups(dataset, by, k, progress_bar)
    summary = summarise(dataset, grouping, progress_bar)
    names = names_of(dataset, grouping)
    if csv:
        with replacing(csv) as temporary:
            temporary.write_text(as_csv(assignment(dataset, grouping, names)), encoding="utf-8")
    return _answer(grouping, summary, names) | {"seconds": round(time.monotonic() - began, 3)}


def _answer(grouping: Grouping, summary: Summary, names: dict[int, str]) -> dict:
    from dataclasses import asdict

    from core.groups import headline
    from core.groups.statistics.headline import validation_in_train

    return {
        "by": grouping.by,
        "title": grouping.title,
        "groups": [_group(grouping, summary, group, names) for group in summary.worst_first],
        "cramers_v": summary.cramers_v.value,
        "auc": summary.auc.value,
        "k": grouping.k,
        "intervals": {name: asdict(getattr(summary, name)) for name in ("cramers_v", "auc", "cramers_v_test")},
        "shift": asdict(summary.shift),
        "headline": headline(summary.counts, grouping, summary.cramers_v, names),
        "made_from": grouping.made_from,
        "notes": [*summary.notes, *([TOGETHER] if validation_in_train(summary.counts) else [])],
    }


def _group(grouping: Grouping, summary: Summary, group: int, names: dict[int, str]) -> dict:
    from core.groups import shares

    part = summary.counts[summary.counts["group"] == group]
    counts = {split: dict(zip(rows["class_name"], rows["n"].tolist(), strict=True)) for split, rows in part.groupby("split", sort=False)}
    return {
        "id": grouping.ids[group],
        "name": names.get(group, summary.names[group]),
        "n": int(part["n"].sum()),
        "shares": shares(summary.counts, group),
        "apart": summary.sentences(group),
        "counts": counts,
        "pull": float(summary.pull[group]),
        "medoids": summary.medoids[group],
    }
