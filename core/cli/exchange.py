"""Commands about results from and for elsewhere: import, report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.options import MODELS, POSITIVE, Share, names_columns, refuse_options
from core.cli.output import progress_bar, reports
from core.cli.paths import ANY, FILE, PLACE
from core.cli.several import open_several, say_left_out
from core.errors import InputError

if TYPE_CHECKING:
    from core.datasets.tables.columns import Naming
    from core.external import Reference
    from core.runs.run import Run

SCALES = ("0-255", "0-1", "-1-1", "caffe", "torch", "none", "tf")  # as `core.external.scales` has them, which a --help need not load
OUTPUTS = ("auto", "probabilities", "logits")


@click.command("import")
@click.argument("file", type=PLACE)
@click.option(
    "--data", type=ANY, help="The images that were scored (default: PNEUMOLENS_DATA, else the shipped index of names and labels)."
)
@click.option("--like", metavar="RUN", help="Hold the predictions against the images of this run instead.")
@click.option("--title", default="", help="What to call the run (default: the file's name).")
@click.option("--threshold", type=Share(), help="Operating point (default: 0.5).")
@click.option("--scale", type=click.Choice(SCALES), help="Intensities that a model takes; none and tf are other names (default: 0-255).")
@click.option("--resize", type=click.Choice(["squash", "pad"]), help="How a model's pictures are made square (default: squash).")
@click.option("--side", type=click.IntRange(8, 4096), help="Side of the pictures, for a model that takes any size (default: 224).")
@click.option("--classes", metavar="A,B,...", help="Classes in the order of a model's outputs; of one output, its 0 and its 1.")
@click.option("--outputs", type=click.Choice(OUTPUTS), help="What a model gives (default: auto, as its last layer and its loss say).")
@POSITIVE
@MODELS
@reports
@names_columns
def import_(
    file: Path,
    data: str | None,
    like: str | None,
    title: str,
    threshold: float | None,
    scale: str | None,
    resize: str | None,
    side: int | None,
    classes: str | None,
    outputs: str | None,
    positive: str | None,
    models: str | None,
    naming: Naming,
) -> dict:
    """Make a run of FILE: a .keras or .h5 model, or a table (CSV, Parquet) of predictions for the test images.

    A table has the columns sample_id and p_<class>, and if wanted split (test, val) and y_true; --column names columns that are called
    otherwise, as in --column sample_id=filename --column p_PNEUMONIA=prob.
    """
    from core.metrics.evaluation import evaluate_run
    from core.model_files.kinds import is_model

    of_model = {"scale": scale, "resize": resize, "side": side, "classes": classes and classes.split(","), "outputs": outputs}
    given = {name: value for name, value in of_model.items() if value is not None}
    if is_model(file):
        if like:
            raise InputError("--like goes with a table of predictions; a model scores the images themselves, so give --data.")
        if naming:
            raise InputError("--column and --class-name go with a table of predictions; for a model give --classes in their order.")
        run = _import_model(file, data, positive, title, threshold, models, given)
    elif given:
        raise InputError(f"--{next(iter(given))} goes with a model; a table of predictions has its scores already.")
    else:
        from core.external import import_predictions

        run = import_predictions(file, file.name, _reference(data, like, positive, models), title, threshold, models, naming)
    card = run.card
    evaluation = evaluate_run(run)
    told = {"run": run.name, "title": run.config.title, "n_images": evaluation.n_samples, "positive": evaluation.positive}
    told |= {"metrics": evaluation.to_json()["metrics"]}
    return told | {key: getattr(card, key) for key in ("scales", "notes") if card.says(key)} | {"warnings": card.warnings}


def _import_model(
    file: Path, data: str | None, positive: str | None, title: str, threshold: float | None, models: str | None, given: dict
) -> Run:
    from core.datasets import open_dataset
    from core.external import import_model

    dataset = open_dataset(data, progress_bar("indexing"), positive)
    return import_model(file, dataset, title, threshold, models=models, progress=progress_bar("scoring"), **given)


def _reference(data: str | None, like: str | None, positive: str | None, models: str | None) -> Reference:
    from core.datasets import open_dataset
    from core.external import Reference
    from core.runs.store import open_run

    if data and like:
        raise InputError("Give --data or --like, not both: one set of images to hold the predictions against.")
    if like and positive:
        raise InputError("--positive goes with --data; with --like the run says which class is the ill one.")
    if like:
        return Reference.of_run(open_run(like, models))
    return Reference.of_dataset(open_dataset(data, progress_bar("indexing"), positive))


@click.command()
@click.argument("names", metavar="RUN...", nargs=-1, required=True)
@click.option("--out", type=FILE, required=True, help="Write this HTML file.")
@click.option("--threshold", default="recommended", show_default=True, help="As of evaluate: a rule's name or a number.")
@click.option("--prevalence", type=float, help="Share of the positive class where a model would be used (default: in the test images).")
@click.option("--miss-cost", type=float, default=10.0, show_default=True, help="How many false alarms a missed positive is worth.")
@MODELS
@reports
def report(names: tuple[str, ...], out: Path, threshold: str, prevalence: float | None, miss_cost: float, models: str | None) -> dict:
    """Write one HTML file about RUNs that works offline: results, figures, failures and the items of a model card."""
    from core.files import replacing
    from core.metrics.alignment import line_up
    from core.reporting.html import build_report

    runs, broken = open_several(names, models)
    text = build_report(runs, threshold, miss_cost, prevalence)
    if all(run.config.n_classes > 2 for run in runs):
        refuse_options("it goes with two classes, and these runs have more; leave it out.", "threshold", "prevalence", "miss_cost")
    refused = broken | line_up(runs).refused
    with replacing(out) as temporary:
        temporary.write_text(text, encoding="utf-8")
    shown = [run.name for run in runs if run.name not in refused]
    return {"path": str(out), "runs": shown, "bytes": out.stat().st_size, "left_out": say_left_out(refused)}
