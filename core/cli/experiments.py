"""Commands about many runs under one protocol: reproduce, battery, ensemble, results."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.options import CPUS, DATA, GPUS, LIMIT, MODELS, ON, SETTINGS, needed_data, refuse_options
from core.cli.output import progress_bar, reports
from core.cli.paths import FILE
from core.cli.several import say_left_out
from core.config.given import parse_settings
from core.workers import LOCAL

if TYPE_CHECKING:
    from core.datasets import Dataset
    from core.training.reproduce import Training


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

    data = needed_data(data, "A reproduction")
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

    data, rows = needed_data(data, "The battery"), []
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
