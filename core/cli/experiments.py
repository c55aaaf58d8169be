"""Commands about many runs under one protocol: reproduce, battery, ensemble, results."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.options import CPUS, GPUS, LIMIT, MODELS, ON, SETTINGS, refuse_options
from core.cli.output import progress_bar, reports
from core.cli.paths import ANY, FILE
from core.cli.several import say_left_out
from core.cli.train import parse_settings
from core.errors import InputError
from core.workers import LOCAL

if TYPE_CHECKING:
    from core.datasets import Dataset
    from core.training.reproduce import Training

DATA = click.option("--data", type=ANY, help="A Kaggle-layout folder or a PneumoniaMNIST .npz (default: PNEUMOLENS_DATA).")


def _required(data: str | None) -> str:
    if data := data or os.environ.get("PNEUMOLENS_DATA"):
        return data
    raise InputError("This needs the images: give --data DATA or set PNEUMOLENS_DATA; get them with: python -m core fetch kaggle DEST")


@click.command()
@DATA
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(1, 100), help="Train each system this many times.")
@click.option("--only", multiple=True, metavar="SYSTEM", help="Only this system; repeat for more.")
@SETTINGS
@LIMIT
@ON
@CPUS
@GPUS
@MODELS
@reports
def reproduce(
    data: str | None,
    seeds: int,
    only: tuple[str, ...],
    settings: tuple[str, ...],
    limit: int | None,
    on: str,
    cpus: int | None,
    gpus: int,
    models: str | None,
) -> dict:
    """Train all published systems by their write-ups' recipes, and set published figures beside the measured ones.

    What is finished is not trained again, and what was stopped is continued, so the command can be repeated. A system that cannot be
    trained, for want of pretrained weights say, is named with the reason, and the others go on. Runs with other settings or fewer
    images than the write-up's, as --set weights=none --limit 40 for a dry run, are never counted among the results.
    """
    from core.datasets import open_dataset
    from core.reporting.published_vs_measured import replication
    from core.runs.store import list_runs
    from core.training.reproduce import reproduce as train_all

    data = _required(data)
    dataset = open_dataset(data, progress_bar("indexing"))
    given: dict[str, Any] = {"seeds": range(seeds), "only": only, "models": models, "settings": parse_settings(settings), "limit": limit}
    if on != LOCAL:
        found = _reproduce_on(on, dataset, data, given, (cpus, gpus))
    else:
        refuse_options("it is for --on ray; here one is trained after another, with all there is.", "cpus", "gpus")
        found = [_told(training) for training in train_all(data, dataset.fingerprint, **given)]
    trainings = [asdict(training) for training in found]
    runs = [run for run in list_runs(models)[0] if run.config.fingerprint == dataset.fingerprint]
    wanted = {training["system"] for training in trainings}
    table = replication(runs)
    return {"trainings": trainings, "systems": table[table["system"].isin(wanted)].to_dict("records")}


def _told(training: Training) -> Training:
    click.echo(f"{training.system} ({training.n_classes} classes), seed {training.seed}: {training.status} {training.reason}", err=True)
    return training


def _reproduce_on(on: str, dataset: Dataset, data: str, given: dict[str, Any], each: tuple[int | None, int]) -> list[Training]:
    from core.cli.sweep import say
    from core.sweeps.drive import Share
    from core.sweeps.reproducing import reproduce_on

    bar = progress_bar("reproduction", "training")
    return reproduce_on(on, dataset, data, share=Share(None, *each), progress=bar, say=say, **given)


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

    data = _required(data)
    wanted = left_out_settings(left_out, seed) if left_out else fold_settings(system, seed)
    parts = []
    for part in cross_fit(system, data, models, wanted, seed, progress_bar):
        click.echo(f"{part.settings}: {part.status} {part.reason}", err=True)
        parts.append(asdict(part))
    return {"system": system, "parts": parts}


@click.command()
@click.argument("evidence", type=ANY)
@DATA
@click.option("--write", "path", type=FILE, help="Keep the scores themselves in this Parquet file.")
@reports
def rules(evidence: str, data: str | None, path: Path | None) -> dict:
    """Weigh threshold rules and views by scores of training images alone, as docs/threshold/plan.md lays down.

    EVIDENCE is the folder of the runs that crossfit made, or a file that --write kept.
    """
    from core.datasets import open_dataset
    from core.datasets.sources.shipped import open_shipped
    from core.studies.threshold_rules import read_evidence, study, write_evidence

    table = read_evidence(evidence)
    if path:
        write_evidence(table, path)
    found = study(table, open_dataset(data, progress_bar("indexing")) if data else open_shipped())
    return {
        "candidates": found.table.to_dict("records"),
        "by_system": found.by_system.to_dict("records"),
        "recommended": asdict(found.decided),
        "why": found.why,
    }


@click.command()
@click.argument("names", metavar="RUN...", nargs=-1, required=True)
@DATA
@MODELS
@reports
def battery(names: tuple[str, ...], data: str | None, models: str | None) -> dict:
    """Score the validation images of finished runs without the clues of this data set, and write their thresholds anew.

    New runs do this when they finish; this is for runs that were made before. The recommended threshold becomes 0.5; the one
    chosen on these images stands beside it. The test images are not touched.
    """
    from core.inference.add_battery import add_battery
    from core.metrics.generalisation import generalisation
    from core.runs.store import open_run

    data, rows = _required(data), []
    for name in names:
        run = open_run(name, models)
        add_battery(run, data, progress_bar)
        table = generalisation(run)
        rows += [{"run": run.name, "images": images} | row for images, row in table.to_dict("index").items()]
    return {"runs": rows}


@click.command()
@click.argument("names", metavar="RUN RUN...", nargs=-1)
@click.option("--title", default="", help="What the pages call it.")
@MODELS
@reports
def ensemble(names: tuple[str, ...], title: str, models: str | None) -> dict:
    """Average the probabilities of finished runs into a new run."""
    from core.inference.ensemble import create_ensemble
    from core.runs.store import open_run

    run = create_ensemble([open_run(name, models) for name in names], title, models)
    return {"run": run.name, "members": list(run.config.members)}


@click.command()
@click.option("--write", "path", type=FILE, help="Write the tables into this Markdown file.")
@MODELS
@reports
def results(path: Path | None, models: str | None) -> dict:
    """Write what the finished runs measured as Markdown tables, such as those of docs/results.md.

    A run that cannot be judged is left out, and so is one that is archived, but for those that left a series of films out.
    """
    from core.reporting.marked_text import write_marked
    from core.reporting.readme_tables import MARKED, judged, results_markdown
    from core.runs.identity import read_about
    from core.runs.store import list_runs

    found, broken = list_runs(models)
    told = [run for run in found if run.config.recipe.left_out or not read_about(run).archived]
    runs, faults = judged([run for run in told if run.state == "finished"])
    text = results_markdown(runs)
    if path:
        write_marked(path, MARKED, text)
    left_out = say_left_out(broken | faults)
    return ({"written": str(path)} if path else {"markdown": f"\n{text}"}) | {"left_out": left_out}
