"""Run the benchmarks and print one table as they end: what, ours, the alternative of the same run, the ratio."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click

from benchmarks import (
    comparing,
    data_page,
    decoding,
    features,
    feeding,
    indexing,
    inspecting,
    localisation,
    pages,
    saliency,
    screening,
    training,
)
from benchmarks.figure import head
from benchmarks.sources import find_sources

BENCHMARKS = {
    "indexing": indexing.run,
    "decoding": decoding.run,
    "training": training.run,
    "features": features.run,
    "feeding": feeding.run,
    "pages": pages.run,
    "inspecting": inspecting.run,
    "screening": screening.run,
    "comparing": comparing.run,
    "data": data_page.run,
    "saliency": saliency.run,
    "localisation": localisation.run,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option(
    "--data", type=click.Path(exists=True, path_type=Path), help="Kaggle-layout folder (default: PNEUMOLENS_DATA, else phantoms)."
)
@click.option("--originals", type=click.Path(exists=True, path_type=Path), help="Folder with full-size files (default: large phantoms).")
def main(names: tuple[str, ...], data: Path | None, originals: Path | None) -> None:
    """Run all benchmarks, or those named."""
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["PNEUMOLENS_CACHE"] = str(Path(scratch) / "cache")
        sources = find_sources(data, originals, Path(scratch))
        click.echo(f"{os.cpu_count()} cores; data: {sources.data_title}; full-size files: {sources.originals_title}")
        click.echo(head())
        for name in names or BENCHMARKS:
            for figure in BENCHMARKS[name](sources, Path(scratch)):
                click.echo(figure.row(name))


if __name__ == "__main__":
    main()
