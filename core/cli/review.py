"""The command about labels that may be wrong: review."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.options import POSITIVE, names_columns
from core.cli.output import progress_bar, reports, say_notes
from core.cli.paths import ANY, FILE
from core.cli.tables import table_lines

if TYPE_CHECKING:
    from core.datasets.tables.columns import Naming

SHOWN = 20
READ = (
    "Only images held out of a model's training count: its validation and test images. The models learnt from the same films, so they err "
    "alike: a suspect is a film to look at, not a label found wrong."
)


def _text(answer: dict) -> str:
    """How many, then the surest twenty."""
    import pandas as pd

    lines = [
        f"{answer['n_by_most']:,} of {answer['n_judged']:,} images held out of training have a label that most of up to "
        f"{answer['n_models']:,} models contradict with confidence; {len(answer['suspects']):,} that at least one does.",
        *answer["notes"],
    ]
    if answer["suspects"]:
        rows = pd.DataFrame(answer["suspects"][:SHOWN])
        rows.insert(4, "against", [f"{votes} of {n}" for votes, n in zip(rows["votes"], rows["n_models"], strict=True)])
        columns = ["sample_id", "split", "label", "suggested", "against", "p_label", "tag"]
        lines += ["", *table_lines(rows[columns], "{:.3f}".format)]
        if len(answer["suspects"]) > SHOWN:
            lines.append(f"… and {len(answer['suspects']) - SHOWN:,} more: --json or --csv FILE has them all.")
    return "\n".join(lines)


@click.command()
@click.argument("data", type=ANY)
@click.option("--models", type=ANY, help="Folder of run directories (default: PNEUMOLENS_MODELS or models/).")
@click.option("--labels", type=click.Choice(["2", "3"]), default="2", help="The data set's classes, or normal, bacterial and viral.")
@click.option("--csv", "csv", type=FILE, help="Also write the suspects, with the tags given on the Data page, to this file.")
@POSITIVE
@partial(reports, readable=_text)
@names_columns
def review(data: str, models: str | None, labels: str, csv: Path | None, positive: str | None, naming: Naming) -> dict:
    """List the images of DATA whose label the held-out scores of finished runs contradict with confidence, the surest first."""
    from core.audit.label_errors import as_csv, held_out, read_tags, review_table, suspects
    from core.datasets import open_dataset
    from core.files import replacing
    from core.runs.identity import read_about
    from core.runs.store import list_runs

    began = time.monotonic()
    dataset = open_dataset(data, progress_bar("indexing"), positive, naming)
    say_notes(dataset.notes)
    runs, broken = list_runs(models)
    archived = {run.name: "It is archived." for run in runs if read_about(run).archived}
    held = held_out(dataset, [run for run in runs if run.name not in archived], int(labels))
    found = suspects(dataset, held)
    table = review_table(dataset, found, read_tags(dataset.fingerprint))
    if csv:
        with replacing(csv) as temporary:
            temporary.write_text(as_csv(table), encoding="utf-8")
    return {
        "suspects": table.head(len(found.table)).to_dict("records"),
        "n_by_most": len(found.by_most),
        "n_judged": found.n_judged,
        "n_images": len(dataset.samples),
        "n_models": found.n_models,
        "left_out": broken | archived | held.left_out,
        "notes": [READ] if found.n_models else ["No finished run has scores of these images; train one first: python -m core train."],
        "seconds": round(time.monotonic() - began, 3),
    }
