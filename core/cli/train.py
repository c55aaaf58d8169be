"""Commands that train: systems, train."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import click

from core.cli.options import DATA, LIMIT, MODELS, POSITIVE, SETTINGS, names_columns, needed_data, refuse_options
from core.cli.output import Interrupted, positive_notes, progress_bar, reports, say_notes
from core.config.given import parse_settings
from core.errors import InputError

if TYPE_CHECKING:
    from core.datasets.split_images import SplitImages
    from core.datasets.tables.columns import Naming
    from core.runs.run import Run


@click.command()
@reports
def systems() -> dict:
    """List the systems that can be trained, with their exact parameter counts and published figures."""
    from core.architectures import SYSTEMS

    rows = [
        {
            "key": system.key,
            "title": system.title,
            "source": system.source,
            "n_classes": variant.n_classes,
            "image_size": system.image_size,
            "params_total": variant.params_total,
            "params_trainable": variant.params_trainable,
            "published": variant.published,
        }
        for system in SYSTEMS
        for variant in system.variants
    ]
    return {"systems": rows}


@click.command()
@click.argument("system", required=False)
@DATA
@click.option("--labels", type=click.Choice(["2", "3"]), help="Number of classes (default: the system's first).")
@POSITIVE
@click.option("--epochs", help="At most this many epochs.")
@click.option("--batch-size", help="Images a step.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@SETTINGS
@LIMIT
@click.option("--resume", metavar="RUN", help="Continue a queued, stopped or failed run.")
@MODELS
@reports
@names_columns
def train(
    system: str | None,
    data: str | None,
    labels: str | None,
    positive: str | None,
    epochs: str | None,
    batch_size: str | None,
    seed: int,
    settings: tuple[str, ...],
    limit: int | None,
    resume: str | None,
    models: str | None,
    naming: Naming,
) -> dict:
    """Train SYSTEM on DATA into a new run directory, or continue one with --resume."""
    if resume:
        own = "a run that is resumed keeps its system and its settings; leave it out, or train a new run without --resume."
        refuse_options(own, "system", "labels", "positive", "epochs", "batch_size", "seed", "settings", "limit", "column", "class_name")
    wanted = (system, data, labels, positive, epochs, batch_size, seed, settings, limit)
    run, images = (_resumed(resume, models), None) if resume else _new_run(*wanted, models, naming)
    click.echo(f"run {run.name}", err=True)
    from core.training.train import train as train_run

    outcome = train_run(run, data, progress_bar, images)
    answer = {
        "run": run.name,
        "status": outcome.state,
        "epochs": outcome.epochs,
        "seconds": round(outcome.seconds, 1),
        "images_per_second": round(outcome.images_per_second, 1),
        "warnings": list(outcome.warnings),
    }
    if outcome.stopped_by == signal.SIGINT:  # SIGTERM is how the page and the queue ask for a stop: it is done as asked
        say_notes([f"Stopped; the best model is kept. Go on with: python -m core train --resume {run.path if models else run.name}"])
        raise Interrupted(answer, KeyboardInterrupt())
    return answer


def _resumed(name: str, models: str | None) -> Run:
    from core.runs.store import open_run

    return open_run(name, models)


def _new_run(
    system: str | None,
    data: str | None,
    labels: str | None,
    positive: str | None,
    epochs: str | None,
    batch_size: str | None,
    seed: int,
    settings: tuple[str, ...],
    limit: int | None,
    models: str | None,
    naming: Naming,
) -> tuple[Run, SplitImages]:
    from core.architectures import get_system
    from core.architectures.pretrained import require_weights
    from core.datasets import open_dataset
    from core.runs.store import create_run
    from core.training.plan import plan, with_classes

    if not system:
        raise InputError("Name a system to train, or --resume a run; list them with: python -m core systems")
    config = plan(system, int(labels) if labels else None, parse_settings(settings, epochs, batch_size), seed, limit, models)
    data = needed_data(data, "Training")
    dataset = open_dataset(data, progress_bar("indexing"), positive, naming)
    config = with_classes(config, dataset).model_copy(update={"columns": dict(naming.columns), "called": dict(naming.class_names)})
    require_weights(get_system(system), config.recipe)
    from core.training.train import refuse_early

    images = refuse_early(config, dataset)
    say_notes((*dataset.notes, *positive_notes(config.class_names)))
    return create_run(config, data, models), images
