"""Commands that study how to train and to choose, on training images alone: crossfit, rules."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from core.cli.options import DATA, needed_data
from core.cli.output import progress_bar, reports
from core.cli.paths import ANY, FILE


@click.command()
@click.argument("system")
@DATA
@click.option("--left-out", multiple=True, metavar="COLUMN=VALUE", help="Leave these images out and test on them, instead of folds.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--models", type=ANY, required=True, help="Folder of these trainings, best one of their own.")
@reports
def crossfit(system: str, data: str | None, left_out: tuple[str, ...], seed: int, models: str) -> dict:
    """Score every training image by a model that was not trained on it, the test images left alone.

    SYSTEM is trained once for each fifth of train, by patient, or once for each --left-out, such as series=IM. What is finished is not
    trained again, and what was stopped is continued, so the command can be repeated.
    """
    from core.studies.cross_fitting import cross_fit, fold_settings, left_out_settings

    data = needed_data(data, "Cross-fitting")
    wanted = left_out_settings(left_out, seed) if left_out else fold_settings(system, seed)
    parts = []
    for part in cross_fit(system, data, models, wanted, seed, progress_bar):
        click.echo(f"{part.settings}: {part.status} {part.reason}", err=True)
        parts.append(asdict(part))
    return {"system": system, "parts": parts}


@click.command()
@click.argument("evidence", nargs=-1, required=True, type=ANY)
@DATA
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Of the bootstraps.")
@click.option("--write", "path", type=FILE, help="Keep the scores themselves in this Parquet file.")
@reports
def rules(evidence: tuple[str, ...], data: str | None, seed: int, path: Path | None) -> dict:
    """Weigh threshold rules and views by scores of training images alone, as docs/threshold/plan.md lays down.

    EVIDENCE is the folder of the runs that crossfit made, or a file that --write kept; of several, their scores together.
    """
    from core.datasets import open_dataset
    from core.datasets.sources.shipped import open_shipped
    from core.studies.threshold_rules import read_evidence, study, write_evidence

    table = read_evidence(*evidence)
    if path:
        write_evidence(table, path)
    found = study(table, open_dataset(data, progress_bar("indexing")) if data else open_shipped(), seed=seed)
    return {
        "candidates": found.table.to_dict("records"),
        "by_system": found.by_system.to_dict("records"),
        "recommended": asdict(found.decided),
        "why": found.why,
    }
