"""The command score: runs on any number of films."""

from __future__ import annotations

from pathlib import Path

import click

from core.cli.options import COLUMN, MODELS, ON
from core.cli.output import progress_bar, reports, say_notes
from core.cli.paths import ANY, FILE
from core.cli.predict import samples_at_hand


@click.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@click.option("--data", type=ANY, required=True, help="A folder, with all images below it, or a table (CSV, Parquet) with a column path.")
@click.option("--out", type=FILE, required=True, help="The Parquet file to write: one row an image and run.")
@click.option("--explain", metavar="METHOD", help="Also the mean map of each class called, and its share outside the body: core methods.")
@ON
@click.option("--workers", type=click.IntRange(1), help="How many workers (default: one a core). The answer is the same for any number.")
@click.option("--gpus", type=click.IntRange(0), default=0, show_default=True, help="GPUs that each worker has for itself.")
@COLUMN
@MODELS
@reports
def score(
    runs: tuple[str, ...], data: str, out: Path, explain: str | None, on: str, workers: int | None, gpus: int,
    column: tuple[str, ...], models: str | None,
) -> dict:  # fmt: skip
    """Score all images of a folder or table with each RUN; what is done is kept, and the same command goes on from there."""
    from core.batch import Options, score_files
    from core.datasets.tables.columns import Naming
    from core.runs.store import open_run
    from core.saliency import get_method
    from core.workers.interruption import interrupted

    if explain:
        get_method(explain)
    opened = [open_run(run, models) for run in runs]
    options = Options(explain, on, workers, gpus, Naming.from_options(column, ()))
    try:
        with interrupted():
            made = score_files(opened, data, out, options, samples_at_hand(), progress_bar("scoring"), lambda note: say_notes([note]))
    except KeyboardInterrupt:
        say_notes([f"Stopped. What was scored is kept in '{out}.shards'; the same command goes on from there."])
        raise
    answer = {
        "rows": made.rows,
        "images": made.n_films,
        "unreadable": [{"path": path, "reason": reason} for path, reason in made.unreadable],
        "out": str(made.out),
        "seconds": round(made.seconds, 3),
    }
    return answer | ({"maps": str(made.maps), "explained": made.looks} if made.maps else {})
