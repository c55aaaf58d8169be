"""Commands about runs: systems, train, evaluate, compare."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.cli.options import POSITIVE, names_columns, refuse_options
from core.cli.output import positive_notes, progress_bar, reports, say_notes
from core.cli.paths import ANY
from core.cli.several import accuracies, lined_up, point_of, say_left_out
from core.errors import InputError

if TYPE_CHECKING:
    from core.datasets.split_images import SplitImages
    from core.datasets.tables.columns import Naming
    from core.runs.run import Run

MODELS = click.option("--models", type=ANY, help="Folder of run directories (default: PNEUMOLENS_MODELS or models/).")
THRESHOLD = click.option(
    "--threshold", default="recommended", show_default=True, help="recommended, half, youden, sensitivity_95 or a number from 0 to 1."
)
SETTINGS = click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Replace a setting of the recipe; repeat for more.")
LIMIT = click.option("--limit", type=click.IntRange(1), help="At most this many images of train, those held out for validation among them.")
SPLIT = click.option("--split", type=click.Choice(["test", "val"]), default="test", show_default=True)


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
@click.option("--data", type=ANY, help="A Kaggle-layout folder or a PneumoniaMNIST .npz (default: PNEUMOLENS_DATA).")
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

    place = data or run.data_path  # which a finished run does not keep
    outcome = train_run(run, data, progress_bar, images)
    if outcome.state == "finished":
        from core.inference.atlas import average_maps

        average_maps(run, place, progress_bar)
    return {
        "run": run.name,
        "status": outcome.state,
        "epochs": outcome.epochs,
        "seconds": round(outcome.seconds, 1),
        "images_per_second": round(outcome.images_per_second, 1),
        "warnings": list(outcome.warnings),
    }


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
    import os

    from core.architectures import get_system
    from core.architectures.pretrained import require_weights
    from core.datasets import open_dataset
    from core.runs.store import create_run
    from core.training.plan import plan, with_classes

    data = data or os.environ.get("PNEUMOLENS_DATA")
    if not system:
        raise InputError("Name a system to train, or --resume a run; list them with: python -m core systems")
    config = plan(system, int(labels) if labels else None, parse_settings(settings, epochs, batch_size), seed, limit, models)
    if not data:
        raise InputError("Training needs images: give --data DATA or set PNEUMOLENS_DATA; get them with: python -m core fetch kaggle DEST")
    dataset = open_dataset(data, progress_bar("indexing"), positive, naming)
    config = with_classes(config, dataset).model_copy(update={"columns": dict(naming.columns), "called": dict(naming.class_names)})
    require_weights(get_system(system), config.recipe)
    from core.training.train import refuse_early

    images = refuse_early(config, dataset)
    say_notes((*dataset.notes, *positive_notes(config.class_names)))
    return create_run(config, data, models), images


def parse_settings(pairs: tuple[str, ...], epochs: str | None = None, batch_size: str | None = None) -> dict[str, str]:
    """Settings of a recipe from ``KEY=VALUE`` and the options that have a name of their own; raises InputError on another form."""
    found: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator:
            raise InputError(f"A setting is KEY=VALUE, such as learning_rate=1e-4; received {pair!r}.")
        _refuse_twice(found, key, value)
        found[key] = value
    for key, given in (("epochs", epochs), ("batch_size", batch_size)):
        if given is not None:
            _refuse_twice(found, key, given)
            found[key] = given
    return found


def _refuse_twice(found: dict[str, str], key: str, value: str) -> None:
    if found.get(key, value) != value:
        raise InputError(f"The setting {key} is given twice, as {found[key]} and as {value}; give it once.")


@click.command()
@click.argument("run")
@SPLIT
@THRESHOLD
@click.option("--recompute", is_flag=True, help="Score the images with the model instead of reading stored predictions.")
@click.option("--data", type=ANY, help="The images for --recompute; other images than the run's make it an external test.")
@POSITIVE
@MODELS
@reports
@names_columns
def evaluate(
    run: str, split: str, threshold: str, recompute: bool, data: str | None, positive: str | None, models: str | None, naming: Naming
) -> dict:
    """Metrics of RUN with 95 % intervals."""
    from core.metrics.evaluation import evaluate_panel
    from core.metrics.operating_point import operate
    from core.metrics.panel import solo
    from core.metrics.undefined import panel_note
    from core.runs.store import open_run

    opened, restored = open_run(run, models), ""
    if recompute:
        from core.inference.rescore import rescore
        from core.inference.restore_card import restore_card

        restored = restore_card(opened)
        panel, notes = rescore(opened, data, split, progress_bar, positive, naming)
    else:
        refuse_options("stored predictions need no images; it goes with --recompute.", "data", "positive", "column", "class_name")
        panel, notes = solo(opened, split), []
    operating = operate(panel, [opened], threshold)
    notes += [restored, *operating.notes, panel_note(panel, operating.thresholds)]
    return evaluate_panel(panel, operating.thresholds)[opened.name].to_json() | {"notes": [note for note in notes if note]}


@click.command()
@click.argument("names", metavar="RUN RUN...", nargs=-1)
@SPLIT
@THRESHOLD
@click.option("--match-sensitivity", type=float, help="Instead of a threshold: the highest one of each run with this sensitivity.")
@MODELS
@reports
def compare(names: tuple[str, ...], split: str, threshold: str, match_sensitivity: float | None, models: str | None) -> dict:
    """Paired differences between runs on the same images, each against each: b minus a.

    p_value, low and high are of the pair alone; p_adjusted, low_adjusted and high_adjusted are corrected for all pairs (Holm 1979).
    A run that cannot be set beside the others is left out, with the reason, as long as two remain.
    """
    from core.metrics.comparison import compare_panel
    from core.metrics.comparison_text import by_size, verdict
    from core.metrics.operating_point import operate
    from core.metrics.undefined import panel_note
    from core.runs.identity import names_of

    point = point_of(threshold, match_sensitivity)
    lineup, panel, opened = lined_up(names, split, models)
    called = names_of(opened)
    operating = operate(panel, opened, point, called)
    found = compare_panel(panel, operating.thresholds)
    verdicts = [{"a": a, "b": b, "sentence": verdict(of_pair, called[a], called[b])} for (a, b), of_pair in by_size(found).items()]
    notes = (*lineup.notes, *operating.notes, panel_note(panel, operating.thresholds))
    return {
        "pairs": [asdict(difference) for difference in found],
        "verdicts": verdicts,
        "notes": [note for note in notes if note],
        "left_out": say_left_out(lineup.refused),
        "runs": [{"run": row["run"], "name": called[row["run"]]} | row for row in accuracies(panel, operating.thresholds)],
    }
