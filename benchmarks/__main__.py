"""Run the benchmarks and print one table as they end: what, ours, the alternative of the same run, the ratio."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click

from benchmarks.cold import BENCHMARKS, ROWS, in_own_process
from benchmarks.figure import head
from benchmarks.page import machine_text, write_rows
from benchmarks.sources import find_sources


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option(
    "--data", type=click.Path(exists=True, path_type=Path), help="Kaggle-layout folder (default: PNEUMOLENS_DATA, else phantoms)."
)
@click.option("--originals", type=click.Path(exists=True, path_type=Path), help="Folder with full-size files (default: large phantoms).")
@click.option(
    "--write", "page", type=click.Path(exists=True, path_type=Path), help="Also write the rows into this page, such as docs/speed.md."
)
def main(names: tuple[str, ...], data: Path | None, originals: Path | None, page: Path | None) -> None:
    """Run all benchmarks, or those named, each in a process and with a cache of its own: none finds what another has warmed."""
    with tempfile.TemporaryDirectory() as scratch:
        sources = find_sources(data, originals, Path(scratch))
        click.echo(f"{os.cpu_count()} cores; data: {sources.data_title}; full-size files: {sources.originals_title}")
        click.echo(head())
        for number, name in enumerate(names or BENCHMARKS):
            machine, folder = machine_text(sources.data_title), Path(scratch) / f"{number}-{name}"
            if not in_own_process(name, sources, folder):
                raise click.ClickException(f"the benchmark {name} failed; its trace stands above")
            if page:
                write_rows(page, {name: (folder / ROWS).read_text(encoding="utf-8").splitlines()}, BENCHMARKS, machine)


if __name__ == "__main__":
    main()
