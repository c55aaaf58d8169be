"""Commands about images: index, audit, fetch, phantom."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.options import POSITIVE, names_columns, refuse_options
from core.cli.output import positive_notes, progress_bar, reports, say_notes
from core.cli.paths import ANY, FILE, PLACE
from core.errors import InputError

if TYPE_CHECKING:
    from core.datasets.dataset import Dataset
    from core.datasets.tables.columns import Naming


@click.command()
@click.argument("data", type=ANY)
@click.option(
    "--labels",
    type=click.Choice(["2", "3"]),
    default="2",
    help="The two classes that the data set has, or normal, bacterial and viral pneumonia.",
)
@POSITIVE
@reports
@names_columns
def index(data: str, labels: str, positive: str | None, naming: Naming) -> dict:
    """Measure every image of DATA (a folder of class folders, a PneumoniaMNIST .npz or a table of images), count, and list the rest."""
    from core.datasets import open_dataset
    from core.datasets.folders.left_out import n_files
    from core.datasets.labels import label

    began = time.monotonic()
    dataset = open_dataset(data, progress_bar("indexing"), positive, naming)
    class_names, y = label(dataset.samples, int(labels), dataset.positive)
    table = dataset.samples.assign(label=[class_names[class_id] for class_id in y])
    counts = {split: part["label"].value_counts().reindex(class_names, fill_value=0).to_dict() for split, part in table.groupby("split")}
    return {
        "n_images": len(table),
        "counts": counts,
        "positive": dataset.positive_class,
        "n_patients": dataset.n_patients,
        "n_left_out": int(n_files(dataset.unreadable).sum()),
        "unreadable": dataset.unreadable.to_dict("records"),
        "notes": [*dataset.notes, *(_untold(dataset) or positive_notes(dataset.class_names))],
        "fingerprint": dataset.fingerprint,
        "seconds": round(time.monotonic() - began, 3),
    }


def _untold(dataset: Dataset) -> list[str]:
    """A sentence where nothing tells which of two classes is the ill one."""
    from core.datasets.classes import require_positive

    try:
        require_positive(dataset.class_names, dataset.positive)
    except InputError as error:
        return [str(error)]
    return []


@click.command()
@click.argument("data", type=ANY)
@click.option("--csv", "csv", type=FILE, help="Also write the images concerned by each finding to this file.")
@reports
@names_columns
def audit(data: str, csv: Path | None, naming: Naming) -> dict:
    """Look for what is wrong with DATA: duplicates, shared patients, shortcuts, shift, odd files."""
    from core.audit import audit_dataset, images_concerned
    from core.datasets import open_dataset
    from core.files import replacing
    from core.text import as_csv

    dataset = open_dataset(data, progress_bar("indexing"), naming=naming)
    say_notes((*dataset.notes, *(_untold(dataset) or positive_notes(dataset.class_names))))
    findings = audit_dataset(dataset)
    if csv:
        with replacing(csv) as temporary:
            temporary.write_text(as_csv(images_concerned(findings)), encoding="utf-8")
    return {"findings": [finding.to_json() for finding in findings]}


@click.command()
@click.argument("source", type=click.Choice(["kaggle", "pneumoniamnist"]))
@click.argument("dest", type=PLACE)
@click.option("--size", type=click.Choice(["28", "64", "128", "224"]), default="28", help="Side of the PneumoniaMNIST images.")
@reports
def fetch(source: str, dest: Path, size: str) -> dict:
    """Download a public data set to DEST; an interrupted download continues where it stopped."""
    from core.datasets import open_dataset
    from core.datasets.downloads.fetch import fetch_kaggle, fetch_pneumoniamnist

    if source == "kaggle":
        refuse_options("Kaggle's images come in one size each; leave it out.", "size")
    path = fetch_kaggle(dest) if source == "kaggle" else fetch_pneumoniamnist(dest, int(size))
    return {"path": str(path), "n_images": len(open_dataset(path, progress_bar("indexing")).samples)}


@click.command()
@click.argument("dest", type=PLACE)
@click.option("--n", default=200, show_default=True, help="Images in all.")
@click.option("--seed", default=0, show_default=True)
@reports
def phantom(dest: Path, n: int, seed: int) -> dict:
    """Draw synthetic radiographs in Kaggle's layout to DEST, with the true opacity of each in masks/."""
    from core.datasets.phantom.write import write_phantoms

    n_images = write_phantoms(dest, n, seed, progress=progress_bar("drawing"))
    return {"path": str(dest), "n_images": n_images}
